package io.fulgur.progress;

/** Where progress is shown. */
interface Screen {
  /** Starts to show something that has just begun. */
  void begin(Scene scene);

  /** Stops to show it; what stays is how far it came. */
  void end(Scene scene);

  /** Stops to show it and leaves nothing. */
  void clear(Scene scene);
}
