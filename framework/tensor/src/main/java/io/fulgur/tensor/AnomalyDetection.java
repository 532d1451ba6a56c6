package io.fulgur.tensor;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.DoublePredicate;
import org.jspecify.annotations.Nullable;

/**
 * A time in which this thread looks for the operator that makes a number go wrong, made by {@link
 * Autograd#detectAnomaly()}; closing it goes back to what was before.
 *
 * <p>A backward pass fails at the first operator that makes NaN in a gradient, and names it with
 * the line of user code that called it in the forward pass, as {@code
 * torch.autograd.set_detect_anomaly} does. A forward pass may well hold infinities, in a mask for
 * example, and goes on; {@link #originOf} tells afterwards which operator made the first NaN or
 * infinity out of finite numbers.
 *
 * <p>Looks at each number that is computed: many times slower, for debugging only. Operators that
 * write a gradient where it belongs pass it on instead, so a sum of gradients may be rounded
 * otherwise.
 *
 * @since 0.1
 */
public final class AnomalyDetection implements AutoCloseable {
  private static final DoublePredicate NAN = Double::isNaN;
  private static final DoublePredicate INFINITE = Double::isInfinite;

  private final ExecutionContext context = ExecutionContext.current();
  private final @Nullable AnomalyDetection before = context.anomalies;
  private @Nullable String firstNaN;
  private @Nullable String firstInfinity;

  AnomalyDetection() {
    context.anomalies = this;
  }

  /** Returns the detection that is open on this thread, or null. */
  public static @Nullable AnomalyDetection current() {
    return ExecutionContext.current().anomalies;
  }

  /**
   * Returns where a forward pass has first gone wrong that ended in a value, as a sentence such as
   * {@code The first NaN was made by log of [3], called at Net.forward(Net.java:12).}; empty if the
   * value is finite or no operator made it, but it was given.
   */
  public String originOf(double value) {
    String origin =
        Double.isNaN(value) ? firstNaN : Double.isInfinite(value) ? firstInfinity : null;
    return origin == null
        ? ""
        : "The first %s was made by %s."
            .formatted(Double.isNaN(value) ? "NaN" : "infinity", origin);
  }

  /** Ends the detection. */
  @Override
  public void close() {
    context.anomalies = before;
  }

  /** Looks at what an operator has computed outside of a backward pass. */
  void computed(OpCall call) {
    if (context.inBackward) {
      return;
    }
    if (firstNaN == null && madeAny(call, NAN)) {
      firstNaN = describe(call);
    }
    if (firstInfinity == null && madeAny(call, INFINITE)) {
      firstInfinity = describe(call);
    }
  }

  private static boolean madeAny(OpCall call, DoublePredicate wrong) {
    for (int i = 0; i < call.inputs(); i++) {
      if (count(call.input(i), d -> !Double.isFinite(d)) > 0) {
        return false;
      }
    }
    for (int i = 0; i < call.outputs(); i++) {
      if (count(call.output(i), wrong) > 0) {
        return true;
      }
    }
    return false;
  }

  private static String describe(OpCall call) {
    Shape[] shapes = new Shape[call.inputs()];
    for (int i = 0; i < shapes.length; i++) {
      shapes[i] = call.input(i).shape();
    }
    String operands = Arrays.toString(shapes);
    return "%s of %s, called %s"
        .formatted(
            call.operator().name().toLowerCase(Locale.ROOT),
            operands.substring(1, operands.length() - 1),
            UserCode.location());
  }

  /** Looks at a gradient that a node's backward pass has made. */
  static void check(Tensor gradient, GradNode maker) {
    long wrong = count(gradient.view(), NAN);
    if (wrong > 0) {
      throw new FulgurException(
          ErrorId.NON_FINITE_GRADIENT,
          "The backward pass of %s made NaN in the gradient of an input: %d of its %d numbers, shape %s. The call was %s. The root or the logarithm of 0 and a division by 0 are usual causes, also where a later operator picks another result."
              .formatted(
                  maker.operator,
                  wrong,
                  gradient.elements(),
                  gradient.shape(),
                  maker.recordedAt == null ? "made before the detection" : maker.recordedAt));
    }
  }

  private static long count(View view, DoublePredicate wrong) {
    if (!view.dtype().isFloating()) {
      return 0;
    }
    long found = 0;
    for (long i = 0; i < view.elements(); i++) {
      if (wrong.test(HostCopy.element(view, i))) {
        found++;
      }
    }
    return found;
  }
}
