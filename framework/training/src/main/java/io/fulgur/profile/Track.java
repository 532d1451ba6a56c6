package io.fulgur.profile;

/**
 * A thread's line in a trace, and the actions that run on it. Once the thread has ended, another
 * one of its name goes on with the line, as the workers of the next epoch do.
 */
final class Track {
  private final int index;
  private final long id;
  private final String name;
  private Thread owner;
  private final OpenActions open = new OpenActions();

  /**
   * @param index how many there were before
   * @param id the number that the trace has for the thread
   */
  Track(int index, long id, Thread owner) {
    this.index = index;
    this.id = id;
    this.name = owner.getName();
    this.owner = owner;
  }

  int index() {
    return index;
  }

  long id() {
    return id;
  }

  String name() {
    return name;
  }

  OpenActions open() {
    return open;
  }

  /** Takes the line over if its thread has ended and the new one has the same name. */
  boolean passTo(Thread thread) {
    if (owner.isAlive() || !name.equals(thread.getName())) {
      return false;
    }
    owner = thread;
    open.clear();
    return true;
  }
}
