import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;

import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.cjk.CJKAnalyzer;
import org.apache.lucene.util.Version;
import org.elasticsearch.Build;
import org.elasticsearch.client.internal.node.NodeClient;
import org.elasticsearch.cluster.metadata.IndexNameExpressionResolver;
import org.elasticsearch.cluster.node.DiscoveryNodes;
import org.elasticsearch.common.io.stream.NamedWriteableRegistry;
import org.elasticsearch.common.settings.ClusterSettings;
import org.elasticsearch.common.settings.IndexScopedSettings;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.common.settings.SettingsFilter;
import org.elasticsearch.env.Environment;
import org.elasticsearch.features.NodeFeature;
import org.elasticsearch.index.IndexSettings;
import org.elasticsearch.index.analysis.AbstractIndexAnalyzerProvider;
import org.elasticsearch.index.analysis.AnalyzerProvider;
import org.elasticsearch.indices.analysis.AnalysisModule.AnalysisProvider;
import org.elasticsearch.plugins.ActionPlugin;
import org.elasticsearch.plugins.AnalysisPlugin;
import org.elasticsearch.plugins.Plugin;
import org.elasticsearch.rest.BaseRestHandler;
import org.elasticsearch.rest.RestController;
import org.elasticsearch.rest.RestHandler;
import org.elasticsearch.rest.RestRequest;
import org.elasticsearch.rest.RestRequest.Method;
import org.elasticsearch.rest.RestResponse;
import org.elasticsearch.rest.RestStatus;
import org.elasticsearch.xcontent.XContentBuilder;

/**
 * Answers {@code GET /} and {@code HEAD /}, by which clients ask a server who it is, and offers the analyzer {@code cjk}.
 *
 * <p>In the distribution these stand in modules of their own, which are not published as artifacts. The archive itself needs neither
 * more of them nor {@code cjk}, for it analyses text itself; {@code cjk} is there to be measured against.
 */
public final class RootModule extends Plugin implements ActionPlugin, AnalysisPlugin {

    @Override
    public Map<String, AnalysisProvider<AnalyzerProvider<? extends Analyzer>>> getAnalyzers() {
        return Map.of("cjk", PairsOfCharacters::new);
    }

    @Override
    public List<RestHandler> getRestHandlers(
        Settings settings,
        NamedWriteableRegistry writeables,
        RestController controller,
        ClusterSettings clusterSettings,
        IndexScopedSettings indexSettings,
        SettingsFilter filter,
        IndexNameExpressionResolver names,
        Supplier<DiscoveryNodes> nodes,
        Predicate<NodeFeature> features) {
        return List.of(new Root(settings.get("cluster.name"), settings.get("node.name")));
    }

    /** Lucene's analyzer for Chinese, Japanese and Korean as it comes: overlapping pairs, its own stop words. */
    private static final class PairsOfCharacters extends AbstractIndexAnalyzerProvider<CJKAnalyzer> {

        private final CJKAnalyzer pairs = new CJKAnalyzer();

        PairsOfCharacters(IndexSettings index, Environment environment, String name, Settings settings) {
            super(name, settings);
        }

        @Override
        public CJKAnalyzer get() {
            return pairs;
        }
    }

    private static final class Root extends BaseRestHandler {

        private final String cluster;
        private final String node;

        Root(String cluster, String node) {
            this.cluster = cluster;
            this.node = node;
        }

        @Override
        public String getName() {
            return "archive_root";
        }

        @Override
        public List<Route> routes() {
            return List.of(new Route(Method.GET, "/"), new Route(Method.HEAD, "/"));
        }

        @Override
        protected RestChannelConsumer prepareRequest(RestRequest request, NodeClient client) {
            return channel -> channel.sendResponse(new RestResponse(RestStatus.OK, describe(channel.newBuilder())));
        }

        private XContentBuilder describe(XContentBuilder answer) throws IOException {
            answer.startObject().field("name", node).field("cluster_name", cluster);
            answer.startObject("version");
            answer.field("number", Build.current().version());
            answer.field("build_flavor", Build.current().flavor());
            answer.field("lucene_version", Version.LATEST.toString());
            answer.endObject();
            return answer.field("tagline", "You Know, for Search").endObject();
        }
    }
}
