"""Page images by the IIIF Image API 3.0."""
