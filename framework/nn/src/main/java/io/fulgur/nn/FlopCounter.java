package io.fulgur.nn;

import static java.util.Map.entry;

import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.Operator;
import io.fulgur.tensor.OperatorObserver;
import io.fulgur.tensor.Operators;
import io.fulgur.tensor.Shape;
import io.fulgur.tensor.functional.AttentionOperators;
import io.fulgur.tensor.functional.ConvolutionOperators;
import io.fulgur.tensor.functional.RecurrentOperators;
import io.fulgur.tensor.functional.RecurrentOperators.Layer;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/**
 * Counts the floating-point operations of the products that this thread computes: matrix products,
 * linear maps, convolutions, recurrent layers, attention, and what is composed of them, forward and
 * backward. A multiplication and an addition are two operations. What is done element by element is
 * not counted, nor are biases; as {@code torch.utils.flop_counter}.
 *
 * <pre>{@code
 * try (FlopCounter counter = FlopCounter.start()) {
 *   net.call(x);
 *   System.out.println(counter.flops());
 * }
 * }</pre>
 *
 * @since 0.1
 */
public final class FlopCounter implements AutoCloseable {
  private static final Map<Operator, ToLongFunction<OpCall>> RULES =
      Map.ofEntries(
          entry(Operators.MATMUL, call -> 2 * outputs(call) * call.input(0).shape().size(-1)),
          entry(Operators.LINEAR, call -> 2 * outputs(call) * call.input(1).shape().size(1)),
          entry(
              ConvolutionOperators.CONVOLUTION,
              call ->
                  2
                      * outputs(call)
                      * window(call.input(1).elements(), call.input(1).shape().size(0))),
          entry(
              ConvolutionOperators.CONVOLUTION_BACKWARD_INPUT,
              call ->
                  2
                      * call.input(0).elements()
                      * window(call.input(1).elements(), call.input(1).shape().size(0))),
          entry(
              ConvolutionOperators.CONVOLUTION_BACKWARD_WEIGHT,
              call ->
                  2
                      * call.input(0).elements()
                      * window(call.output(0).elements(), call.output(0).shape().size(0))),
          entry(AttentionOperators.ATTENTION, call -> 2 * attention(call, 0)),
          // The weights again, and the gradients of these, queries, keys and values.
          entry(AttentionOperators.ATTENTION_BACKWARD, call -> 5 * attention(call, 1)),
          entry(RecurrentOperators.RECURRENT, call -> recurrent(call, 0)),
          entry(
              RecurrentOperators.RECURRENT_BACKWARD,
              call ->
                  2
                      * recurrent(
                          call, RecurrentOperators.forwardInputs(call.attributes(Layer.class)))));

  private final Map<String, Long> byOperator = new TreeMap<>();
  private final OperatorObserver.Observation observation;
  private long flops;

  private FlopCounter() {
    observation = OperatorObserver.observe(this::count);
  }

  /** Starts to count. */
  public static FlopCounter start() {
    return new FlopCounter();
  }

  private boolean count(OpCall call) {
    ToLongFunction<OpCall> rule = RULES.get(call.operator());
    if (rule == null) {
      return false;
    }
    long counted = rule.applyAsLong(call);
    flops += counted;
    byOperator.merge(call.operator().name(), counted, Long::sum);
    return true;
  }

  private static long outputs(OpCall call) {
    return call.output(0).elements();
  }

  /** Returns how many numbers go into one of a convolution's outputs. */
  private static long window(long weights, long channels) {
    return channels == 0 ? 0 : weights / channels;
  }

  private static long recurrent(OpCall call, int first) {
    int weights = first + RecurrentOperators.weights(call.attributes(Layer.class));
    long steps = call.input(first).shape().size(0) * call.input(first).shape().size(1);
    return 2 * steps * (call.input(weights).elements() + call.input(weights + 1).elements());
  }

  /** Returns the operations of one product of queries and keys, or of weights and values. */
  private static long attention(OpCall call, int first) {
    boolean packed = call.attributes(AttentionOperators.Kind.class).packed();
    Shape query = call.input(first).shape();
    long keys = packed ? query.size(1) : call.input(first + 1).shape().size(1);
    long queries = query.size(0) * query.size(1) * query.size(-1) * query.size(-2);
    return 2 * queries * keys;
  }

  /** Returns what was counted so far. */
  public long flops() {
    return flops;
  }

  /** Returns what was counted so far by the name of the operator. */
  public Map<String, Long> flopsByOperator() {
    return Collections.unmodifiableMap(new TreeMap<>(byOperator));
  }

  /** Stops to count; the numbers stay. */
  @Override
  public void close() {
    observation.close();
  }
}
