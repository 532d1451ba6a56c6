package io.fulgur.tensor;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A time in which this thread finds out whether kernels compute the same bits each time; closing it
 * goes back to what was before.
 *
 * <p>The kernels that come with Fulgur do: they divide work by its size and add partial results in
 * order, whichever thread is first. Whether those of a plugin or a device do is not known, so each
 * prepared call runs twice the first time, and its outputs are compared. After that it costs
 * nothing. What differs rarely may slip through.
 *
 * <p>Outputs that do not lie densely, or take 2 GiB or more, are not looked at, and neither are
 * calls outside of a {@link StepScope}: each of those is prepared anew, so that each would run
 * twice.
 *
 * @since 0.1
 */
public final class ReproducibilityCheck implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ReproducibilityCheck.class);

  private final ExecutionContext context = ExecutionContext.current();
  private final @Nullable ReproducibilityCheck before = context.reproducibility;
  private final boolean warnOnly;
  private final Set<String> warned = new HashSet<>();

  private ReproducibilityCheck(boolean warnOnly) {
    this.warnOnly = warnOnly;
    context.reproducibility = this;
  }

  /** Starts to check, with an error at the first operator whose results differ. */
  public static ReproducibilityCheck failing() {
    return new ReproducibilityCheck(/* warnOnly= */ false);
  }

  /** Starts to check, with a warning for each operator whose results differ. */
  public static ReproducibilityCheck warning() {
    return new ReproducibilityCheck(/* warnOnly= */ true);
  }

  /** Ends the check. */
  @Override
  public void close() {
    context.reproducibility = before;
  }

  /** Runs a kernel twice on the same memory. */
  void runTwice(OpCall call, Kernel kernel) {
    // A kernel may read what it writes to, so that has to be as it was the second time.
    byte[][] initial = contents(call);
    kernel.run();
    byte[][] first = contents(call);
    for (int i = 0; i < initial.length; i++) {
      if (initial[i].length > 0) {
        View output = call.output(i);
        output.storage().copyIn(place(output), direct(initial[i]));
      }
    }
    kernel.run();
    byte[][] second = contents(call);
    for (int i = 0; i < first.length; i++) {
      compare(call, call.output(i).dtype().sizeBytes(), first[i], second[i]);
    }
  }

  private void compare(OpCall call, int size, byte[] first, byte[] second) {
    int differing = 0;
    for (int i = 0; i < first.length; i += size) {
      boolean same = true;
      for (int j = i; j < i + size; j++) {
        same &= first[j] == second[j];
      }
      differing += same ? 0 : 1;
    }
    if (differing == 0) {
      return;
    }
    String operator = call.operator().name().toLowerCase(Locale.ROOT);
    String text =
        "%s does not compute the same each time: %d of %d numbers differed when %s ran again. Leave out the plugin that computes it, or take another operator."
            .formatted(operator, differing, first.length / size, call);
    if (!warnOnly) {
      throw new FulgurException(ErrorId.NOT_REPRODUCIBLE, text + "\n   " + UserCode.location());
    }
    if (warned.add(operator)) {
      LOG.warn("{} Results of this run will not be the same again", text);
    }
  }

  private static byte[][] contents(OpCall call) {
    byte[][] all = new byte[call.outputs()][];
    for (int i = 0; i < all.length; i++) {
      all[i] = contents(call.output(i));
    }
    return all;
  }

  private static byte[] contents(View view) {
    long bytes = view.elements() * view.dtype().sizeBytes();
    boolean dense = view.isContiguous() || view.is(MemoryFormat.CHANNELS_LAST);
    if (!dense || bytes > Integer.MAX_VALUE - Long.BYTES) {
      return new byte[0];
    }
    ByteBuffer copy = ByteBuffer.allocateDirect((int) bytes).order(ByteOrder.nativeOrder());
    view.storage().copyOut(place(view), copy);
    byte[] contents = new byte[(int) bytes];
    copy.flip().get(contents);
    return contents;
  }

  private static ByteBuffer direct(byte[] bytes) {
    return ByteBuffer.allocateDirect(bytes.length).order(ByteOrder.nativeOrder()).put(bytes).flip();
  }

  private static long place(View view) {
    return view.offset() * view.dtype().sizeBytes();
  }
}
