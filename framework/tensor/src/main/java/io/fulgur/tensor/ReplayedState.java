package io.fulgur.tensor;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * What a part of a model changes as it runs: buffers, such as running statistics, and the places in
 * streams of random numbers; and the autocast region that it runs in. It is noted before the part
 * runs first, put back when it runs again, and after that made what it was just before, so the
 * second run leaves no trace.
 */
final class ReplayedState {
  private final @Nullable DType autocast;
  private final Buffer[] buffers;
  private final @Nullable Tensor[] before;
  private final int[] versions;
  private final Generator[] generators;
  private final long[][] places;

  /** Notes the state as it is. */
  ReplayedState(ExecutionContext context, Collection<Buffer> buffers, Generator[] generators) {
    this.autocast = context.autocast;
    this.buffers = buffers.toArray(Buffer[]::new);
    this.before = copies(this.buffers);
    this.versions = versions(this.buffers);
    this.generators = generators;
    this.places = places(generators);
  }

  /** Forgets what the first run did not change, which most buffers are outside of training. */
  void firstRunDone() {
    int[] now = versions(buffers);
    for (int i = 0; i < buffers.length; i++) {
      Tensor copy = before[i];
      if (copy != null && versions[i] == now[i]) {
        copy.release();
        before[i] = null;
      }
    }
  }

  /** Puts the state back, and returns what makes it again what it is now. */
  Runnable goBack(ExecutionContext context) {
    DType autocastNow = context.autocast;
    long[][] placesNow = places(generators);
    @Nullable Tensor[] now = new @Nullable Tensor[buffers.length];
    for (int i = 0; i < buffers.length; i++) {
      Tensor copy = before[i];
      if (copy != null) {
        now[i] = copy(buffers[i]);
        buffers[i].assign(copy);
      }
    }
    restore(places);
    context.autocast = autocast;
    return () -> {
      context.autocast = autocastNow;
      restore(placesNow);
      for (int i = 0; i < buffers.length; i++) {
        Tensor value = now[i];
        if (value != null) {
          buffers[i].assign(value);
        }
      }
    };
  }

  private void restore(long[][] saved) {
    for (int i = 0; i < generators.length; i++) {
      generators[i].restore(saved[i][0], saved[i][1]);
    }
  }

  private static long[][] places(Generator[] generators) {
    long[][] places = new long[generators.length][];
    for (int i = 0; i < places.length; i++) {
      places[i] = new long[] {generators[i].seed(), generators[i].offset()};
    }
    return places;
  }

  private static int[] versions(Buffer[] buffers) {
    int[] versions = new int[buffers.length];
    for (int i = 0; i < versions.length; i++) {
      versions[i] = buffers[i].storage().version();
    }
    return versions;
  }

  private static @Nullable Tensor[] copies(Buffer[] buffers) {
    @Nullable Tensor[] copies = new @Nullable Tensor[buffers.length];
    for (int i = 0; i < copies.length; i++) {
      copies[i] = copy(buffers[i]);
    }
    return copies;
  }

  private static Tensor copy(Buffer buffer) {
    return Calls.elementwise(Operators.COPY, Operators.NONE, buffer);
  }
}
