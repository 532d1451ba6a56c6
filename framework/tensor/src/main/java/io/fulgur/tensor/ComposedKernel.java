package io.fulgur.tensor;

/**
 * A call computed by its operator's {@link Composition}. The calls that it makes are prepared and
 * predicted like those of a step, in a scope of its own.
 */
final class ComposedKernel implements Kernel {
  private final OpCall call;
  private final Composition composition;
  private final Tensor[] inputs;
  private final CallCache.PreparedCall start = CallCache.beginning();

  ComposedKernel(OpCall call, Composition composition) {
    this.call = call;
    this.composition = composition;
    this.inputs = new Tensor[call.inputs()];
  }

  @Override
  public void run() {
    ExecutionContext context = ExecutionContext.current();
    boolean recorded = context.gradEnabled;
    DType autocast = context.autocast;
    boolean noted = context.temporaries.open(false);
    context.gradEnabled = false;
    context.autocast = null;
    try {
      if (context.scope == null) {
        compute();
      } else {
        try (StepScope scope = StepScope.nested(context, start)) {
          compute();
        }
      }
    } finally {
      context.temporaries.open(noted);
      context.gradEnabled = recorded;
      context.autocast = autocast;
    }
  }

  private void compute() {
    for (int i = 0; i < inputs.length; i++) {
      // Made anew: pooled memory is of another generation at each run.
      inputs[i] = new Tensor(call.input(i), call.operator().name());
    }
    Tensor[] results = composition.compute(call, inputs);
    for (int i = 0; i < results.length; i++) {
      write(results[i], call.output(i));
    }
  }

  private void write(Tensor result, View output) {
    if (!result.shape().equals(output.shape())) {
      throw new IllegalStateException(
          "The composition of "
              + call.operator()
              + " made "
              + result.shape()
              + " where the operator tells "
              + output.shape());
    }
    if (result.view().sameMemory(output)) {
      return;
    }
    Tensor converted = Elementwise.cast(result, output.dtype());
    Calls.into(Operators.COPY, Operators.NONE, Calls.views(converted), new View[] {output});
  }
}
