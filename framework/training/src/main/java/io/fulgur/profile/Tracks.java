package io.fulgur.profile;

import java.util.ArrayList;
import java.util.List;

/**
 * The lines of a trace, one for each thread.
 *
 * <p>The first has the number of the process, by which Perfetto knows the main thread of it; the
 * numbers of the others follow.
 */
final class Tracks {
  private final long process;
  private final ThreadLocal<Track> current = ThreadLocal.withInitial(this::find);
  private final List<Track> all = new ArrayList<>();

  /**
   * @param process the number of the process
   */
  Tracks(long process) {
    this.process = process;
  }

  /** Returns the line of this thread. */
  Track current() {
    return current.get();
  }

  private synchronized Track find() {
    Thread thread = Thread.currentThread();
    for (Track track : all) {
      if (track.passTo(thread)) {
        return track;
      }
    }
    Track made = new Track(all.size(), process + all.size(), thread);
    all.add(made);
    return made;
  }
}
