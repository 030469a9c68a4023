import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

import org.elasticsearch.common.logging.LogConfigurator;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.plugins.PluginsLoader;

/**
 * One Elasticsearch node in the foreground, from a home folder with {@code config/elasticsearch.yml} and {@code modules/}.
 *
 * <p>It stands in for the distribution's launcher, which is not published as an artifact; the server it starts is the official one.
 */
public final class Node {

    private Node() {
    }

    public static void main(String[] arguments) throws Exception {
        Path home = Path.of(arguments[0]).toRealPath();
        Path configuration = home.resolve("config");
        Settings settings = Settings.builder()
            .loadFromPath(configuration.resolve("elasticsearch.yml"))
            .put("path.home", home.toString())
            .build();

        LogConfigurator.configureESLogging();
        LogConfigurator.configureWithoutConfig(settings);

        var environment = new Environment(settings, configuration);
        var node = new org.elasticsearch.node.Node(environment, modulesOf(environment));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> close(node), "close-node"));
        node.start();
        Thread.currentThread().join();
    }

    /** Modules and plugins by class loader alone: entitlements belong to the launcher that is not here. */
    private static PluginsLoader modulesOf(Environment environment) {
        return PluginsLoader.createPluginsLoader(
            PluginsLoader.loadModulesBundles(environment.modulesDir()),
            PluginsLoader.loadPluginsBundles(environment.pluginsDir()),
            Map.of(),
            false);
    }

    private static void close(org.elasticsearch.node.Node node) {
        try {
            node.close();
        } catch (IOException problem) {
            System.err.println("The node did not close cleanly: " + problem);
        }
    }
}
