package io.fulgur.tensor.nd4j;

import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.OpCall;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A binary operator whose second operand is one of the call's scalars, written into a one-element
 * array before each run.
 */
final class ScalarKernel implements Kernel {
  /** Makes the kernel once the arrays are known. */
  @FunctionalInterface
  interface Maker {
    ContextKernel make(String name, INDArray[][] arrays);
  }

  private final OpCall call;
  private final int scalar;
  private final INDArray value;
  private final ContextKernel kernel;

  /**
   * Makes a kernel that computes {@code output = source op scalar}.
   *
   * @param fromInput whether the source is the call's input, else its output
   */
  ScalarKernel(OpCall call, String operator, Maker maker, int scalar, boolean fromInput) {
    this.call = call;
    this.scalar = scalar;
    INDArray target = Nd4jArrays.of(call.output(0));
    INDArray source = fromInput ? Nd4jArrays.of(call.input(0)) : target;
    this.value = Nd4j.scalar(target.dataType(), 0);
    this.kernel = maker.make(operator, new INDArray[][] {{source, value}, {target}});
  }

  @Override
  public void run() {
    double number = call.scalar(scalar);
    value.assign(value.dataType() == DataType.BOOL && number != 0 ? 1 : number);
    kernel.run();
  }

  @Override
  public void close() {
    kernel.close();
    value.close();
  }
}
