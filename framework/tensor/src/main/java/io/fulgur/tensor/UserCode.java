package io.fulgur.tensor;

/** Finds the line of the user's own code that led here, for error messages. */
final class UserCode {
  private static final StackWalker WALKER = StackWalker.getInstance();

  private UserCode() {}

  /**
   * Returns {@code "at Class.method(File.java:12)"}, or a note that no user code is on the stack.
   */
  static String location() {
    return WALKER.walk(
        frames ->
            frames
                .filter(frame -> !isFramework(frame.getClassName()))
                .findFirst()
                .map(frame -> "at " + frame.toStackTraceElement())
                .orElse("(no user code on the stack)"));
  }

  /** Tests and samples live below our own base package, too, and are user code. */
  private static boolean isFramework(String className) {
    if (className.startsWith("java.") || className.startsWith("jdk.")) {
      return true;
    }
    return className.startsWith("io.fulgur.")
        && !className.startsWith("io.fulgur.samples.")
        && !className.contains("Test");
  }
}
