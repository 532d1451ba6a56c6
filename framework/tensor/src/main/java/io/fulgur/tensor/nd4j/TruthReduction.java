package io.fulgur.tensor.nd4j;

import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.Operators.Axes;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.BaseReduceBoolOp;
import org.nd4j.linalg.api.ops.impl.reduce.bool.All;
import org.nd4j.linalg.api.ops.impl.reduce.bool.Any;
import org.nd4j.linalg.factory.Nd4j;

/** Whether any or all elements are true, through ND4J's ordinary call path. */
final class TruthReduction implements Kernel {
  private final BaseReduceBoolOp operator;

  TruthReduction(OpCall call, int number) {
    Axes axes = call.attributes(Axes.class);
    INDArray input = Nd4jArrays.of(call.input(0));
    INDArray output = Nd4jArrays.of(call.output(0));
    int[] dims = IntStream.range(0, call.input(0).shape().rank()).filter(axes::contains).toArray();
    operator = number == 0 ? new Any(input) : new All(input);
    operator.setZ(output);
    operator.setDimensions(dims);
    operator.setKeepDims(axes.keepDim());
  }

  @Override
  public void run() {
    Nd4j.getExecutioner().exec(operator);
  }
}
