package io.fulgur.tensor;

/**
 * Computes a call of 16-bit numbers in single precision and rounds once at the end. Kernels that
 * add up in 16 bits lose everything beyond the third digit: there, a sum of a thousand ones is 256.
 *
 * @param intoGiven whether the call's outputs hold values that it may read
 */
record Widening(boolean intoGiven) implements Composition {

  @Override
  public Tensor[] compute(OpCall call, Tensor... inputs) {
    View[] wide = new View[inputs.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = widened(inputs[i].view()).view();
    }
    ExecutionContext context = ExecutionContext.current();
    View[] outputs;
    if (intoGiven) {
      outputs = new View[call.outputs()];
      for (int i = 0; i < outputs.length; i++) {
        outputs[i] = widened(call.output(i)).view();
      }
      context.callInto(call.operator(), call.attributes(), call.scalarValues(), wide, outputs);
    } else {
      outputs = context.call(call.operator(), call.attributes(), call.scalarValues(), wide);
    }
    Tensor[] results = new Tensor[outputs.length];
    for (int i = 0; i < results.length; i++) {
      results[i] = new Tensor(outputs[i], call.operator().name());
    }
    return results;
  }

  private static Tensor widened(View view) {
    Tensor tensor = new Tensor(view, "widening");
    return view.dtype().isSixteenBit() ? Elementwise.cast(tensor, DType.F32) : tensor;
  }
}
