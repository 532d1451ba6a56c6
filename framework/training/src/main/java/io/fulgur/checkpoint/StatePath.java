package io.fulgur.checkpoint;

/**
 * Names of the tensors of nested states: segments joined by {@code /}. A slash inside a segment is
 * written {@code %2F} and a percent sign {@code %25}, so that no two paths read alike.
 */
final class StatePath {
  private StatePath() {}

  static String segment(String name) {
    return name.replace("%", "%25").replace("/", "%2F");
  }

  static String name(String segment) {
    return segment.replace("%2F", "/").replace("%25", "%");
  }

  static String join(String parent, String path) {
    return segment(parent) + "/" + path;
  }

  static boolean isDirect(String path) {
    return path.indexOf('/') < 0;
  }
}
