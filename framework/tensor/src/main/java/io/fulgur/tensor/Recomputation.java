package io.fulgur.tensor;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A part of a forward pass that keeps only its inputs and outputs, and is computed once more in the
 * backward pass, where it is differentiated; as {@code torch.utils.checkpoint}. The use for modules
 * is {@code io.fulgur.nn.Checkpointing}.
 *
 * <p>How: both times the part runs in a step scope inside of the present one, so all memory that it
 * takes, whoever holds it, is free again when it has run. Its outputs are copied out. What the
 * second run recorded is newer than anything else in the graph, so the backward pass that is under
 * way visits it first; gradients of what lies outside are copied out and wait for their turn. Hence
 * the part may use tensors that are not among its inputs, and parts may be inside of parts. Random
 * numbers and buffers are what they were the first time, and the second run leaves no trace in
 * them.
 *
 * <p>T. Chen, B. Xu, C. Zhang, C. Guestrin, "Training Deep Nets with Sublinear Memory Cost", 2016.
 *
 * @since 0.1
 */
public final class Recomputation {
  private final Generator[] generators;
  private CallCache.PreparedCall firstRun = CallCache.beginning();
  private CallCache.PreparedCall secondRun = CallCache.beginning();
  private @Nullable ExecutionContext owner;

  /**
   * Makes what one part of a model needs to run fast at each step.
   *
   * @param generators those that the part draws from beside {@link Generator#defaultGenerator()};
   *     what it drew from others would be other numbers the second time
   */
  public Recomputation(Generator... generators) {
    this.generators = generators.clone();
  }

  /**
   * Returns whether this thread runs a part for the second time: code with effects that are no
   * buffers, such as counting calls, leaves them out then.
   */
  public static boolean isRunningAgain() {
    return ExecutionContext.current().recomputing;
  }

  /**
   * Computes the outputs of a part without recording what is inside.
   *
   * <p>Where no gradients are recorded at all, or nothing that is given requires any, this just
   * calls the function.
   *
   * @param part makes the outputs of the inputs, and the same ones if called again
   * @param parameters what the part trains and reads beside its inputs
   * @param buffers what the part may write; the second run leaves them as they were
   * @param inputs null for one that is not there
   * @throws FulgurException in the backward pass, if the part makes others the second time, or a
   *     parameter or input has been written to since the first
   */
  public Tensor[] run(
      Function<@Nullable Tensor[], Tensor[]> part,
      Collection<Parameter> parameters,
      Collection<Buffer> buffers,
      @Nullable Tensor... inputs) {
    Tensor[] read = present(parameters, inputs);
    if (!Calls.tracks(read)) {
      return part.apply(inputs.clone());
    }
    ExecutionContext context = ExecutionContext.current();
    takeOver(context);
    ReplayedState state = new ReplayedState(context, buffers, generatorsInUse());
    Tensor[] outputs;
    try (Autograd.NoGrad ignored = Autograd.noGrad();
        NestedScope scope = new NestedScope(context, firstRun)) {
      outputs = scope.copyOut(part.apply(inputs.clone()));
    }
    state.firstRunDone();
    @Nullable Tensor[] kept = inputs.clone();
    Signature signature = Signature.of(outputs);
    Calls.recordAll(
        Signature.floating(outputs),
        "a checkpointed part",
        (grads, gradients) -> runAgain(part, state, kept, signature, grads, gradients),
        read);
    return outputs;
  }

  private void runAgain(
      Function<@Nullable Tensor[], Tensor[]> part,
      ReplayedState state,
      @Nullable Tensor[] inputs,
      Signature signature,
      @Nullable Tensor[] grads,
      Gradients gradients) {
    ExecutionContext context = ExecutionContext.current();
    takeOver(context);
    long newest = context.nextSequence();
    StepScope outer = context.scope;
    try (NestedScope scope = new NestedScope(context, secondRun)) {
      Tensor[] outputs = recorded(context, part, state, inputs);
      signature.check(outputs);
      gradients.backwardInside(newest, outer, Signature.floating(outputs), grads);
    }
  }

  private static Tensor[] recorded(
      ExecutionContext context,
      Function<@Nullable Tensor[], Tensor[]> part,
      ReplayedState state,
      @Nullable Tensor[] inputs) {
    boolean nested = context.recomputing;
    context.recomputing = true;
    Runnable goForward = state.goBack(context);
    try (Autograd.NoGrad ignored = Autograd.enableGrad()) {
      return part.apply(inputs.clone());
    } finally {
      goForward.run();
      context.recomputing = nested;
    }
  }

  private Generator[] generatorsInUse() {
    Generator[] all = Arrays.copyOf(generators, generators.length + 1);
    all[generators.length] = Generator.defaultGenerator();
    return all;
  }

  /** Prepared kernels belong to one thread. */
  private void takeOver(ExecutionContext context) {
    if (owner != context) {
      owner = context;
      firstRun = CallCache.beginning();
      secondRun = CallCache.beginning();
    }
  }

  private static Tensor[] present(Collection<Parameter> parameters, @Nullable Tensor[] inputs) {
    List<Tensor> all = new ArrayList<>(parameters);
    for (Tensor input : inputs) {
      if (input != null) {
        all.add(input);
      }
    }
    return all.toArray(Tensor[]::new);
  }

  /** A scope inside of the open one; nothing where none is open, as the collector frees memory. */
  private static final class NestedScope implements AutoCloseable {
    private final ExecutionContext context;
    private final @Nullable StepScope outer;
    private final @Nullable StepScope scope;

    NestedScope(ExecutionContext context, CallCache.PreparedCall start) {
      this.context = context;
      this.outer = context.scope;
      this.scope = outer == null ? null : StepScope.nested(context, start);
    }

    Tensor[] copyOut(Tensor[] results) {
      Tensor[] copies = new Tensor[results.length];
      for (int i = 0; i < copies.length; i++) {
        copies[i] = context.copyInto(outer, results[i]);
      }
      return copies;
    }

    @Override
    public void close() {
      if (scope != null) {
        scope.close();
      }
    }
  }

  /** The outputs' shapes and types, to tell a part that is not the same twice. */
  private record Signature(List<Operator.Output> outputs) {
    static Signature of(Tensor[] outputs) {
      return new Signature(
          Arrays.stream(outputs).map(o -> new Operator.Output(o.dtype(), o.shape())).toList());
    }

    static Tensor[] floating(Tensor[] outputs) {
      return Arrays.stream(outputs).filter(o -> o.dtype().isFloating()).toArray(Tensor[]::new);
    }

    void check(Tensor[] outputs) {
      Signature second = of(outputs);
      if (!equals(second)) {
        throw new FulgurException(
            ErrorId.NOT_DIFFERENTIABLE,
            "A checkpointed part returned %s, but %s when computed again for the backward pass. It must compute the same both times, so it may depend on nothing that changes in between.\n   %s"
                .formatted(this, second, UserCode.location()));
      }
    }

    @Override
    public String toString() {
      return outputs.isEmpty()
          ? "nothing"
          : outputs.stream()
              .map(o -> o.dtype().toString() + o.shape())
              .collect(Collectors.joining(" and "));
    }
  }
}
