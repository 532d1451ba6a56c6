package io.fulgur.profile;

import java.util.ArrayList;
import java.util.List;

/** The lines of a trace, one for each thread. */
final class Tracks {
  private final ThreadLocal<Track> current = ThreadLocal.withInitial(this::find);
  private final List<Track> all = new ArrayList<>();

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
    Track made = new Track(all.size() + 1, thread);
    all.add(made);
    return made;
  }
}
