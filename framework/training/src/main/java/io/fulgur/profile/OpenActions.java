package io.fulgur.profile;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.stream.Collectors;

/** The actions that run on one thread, the innermost first. */
final class OpenActions implements Iterable<OpenActions.Open> {
  private final Deque<Open> open = new ArrayDeque<>();

  /** An action and when it began. */
  record Open(String action, long startNanos) {}

  void start(String action, long nanos) {
    for (Open each : open) {
      if (each.action.equals(action)) {
        throw new FulgurException(
            ErrorId.ACTION_RUNNING,
            "The action \"%s\" was started, but it runs already. Stop it first, or give the inner one another name."
                .formatted(action));
      }
    }
    open.push(new Open(action, nanos));
  }

  /** Ends the innermost action, which must be this one, and returns when it began. */
  long stop(String action) {
    Open innermost = open.peek();
    if (innermost != null && innermost.action.equals(action)) {
      open.pop();
      return innermost.startNanos;
    }
    boolean runs = open.stream().anyMatch(each -> each.action.equals(action));
    if (innermost != null && runs) {
      throw new FulgurException(
          ErrorId.ACTION_RUNNING,
          "The action \"%s\" was stopped, but \"%s\", which was started after it, runs still. Stop the inner one first."
              .formatted(action, innermost.action));
    }
    throw new FulgurException(
        ErrorId.ACTION_NOT_RUNNING,
        "The action \"%s\" was stopped, but it was not started on this thread. Running: %s. Start it first."
            .formatted(action, running()));
  }

  private String running() {
    return open.isEmpty()
        ? "none"
        : open.stream().map(each -> '"' + each.action + '"').collect(Collectors.joining(", "));
  }

  /** Forgets what runs, for nobody will stop it. */
  void clear() {
    open.clear();
  }

  @Override
  public Iterator<Open> iterator() {
    return open.iterator();
  }
}
