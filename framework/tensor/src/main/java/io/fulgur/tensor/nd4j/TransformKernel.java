package io.fulgur.tensor.nd4j;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.tensor.Kernel;
import io.fulgur.tensor.OpCall;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.PointerPointer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.cpu.nativecpu.buffer.BaseCpuDataBuffer;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;
import org.nd4j.nativeblas.OpaqueDataBuffer;

/** One of ND4J's numbered ("legacy") element-wise functions with its pointers set up once. */
final class TransformKernel implements Kernel {
  private static final NativeOps NATIVE = NativeOpsHolder.getInstance().getDeviceNativeOps();

  private final String name;
  private final Transform family;
  private final int number;
  private final INDArray input;
  private final INDArray output;
  private final OpaqueDataBuffer x;
  private final OpaqueDataBuffer z;
  private final LongPointer shapeX;
  private final LongPointer shapeZ;

  TransformKernel(OpCall call, Transform family, int number) {
    this.name = call.operator().name();
    this.family = family;
    this.number = number;
    this.input = Nd4jArrays.of(call.input(0));
    this.output = Nd4jArrays.of(call.output(0));
    this.x = opaque(input);
    this.z = opaque(output);
    this.shapeX = shape(input);
    this.shapeZ = shape(output);
  }

  @SuppressWarnings("NullAway") // The natives take null for the pointers that a CPU does not use.
  @Override
  public void run() {
    PointerPointer<?> none = null;
    switch (family) {
      case SAME -> NATIVE.execTransformSame(none, number, x, shapeX, null, z, shapeZ, null, null);
      case STRICT ->
          NATIVE.execTransformStrict(none, number, x, shapeX, null, z, shapeZ, null, null);
      case FLOAT -> NATIVE.execTransformFloat(none, number, x, shapeX, null, z, shapeZ, null, null);
      case BOOL -> NATIVE.execTransformBool(none, number, x, shapeX, null, z, shapeZ, null, null);
    }
    if (NATIVE.lastErrorCode() != 0) {
      throw new FulgurException(
          ErrorId.KERNEL_FAILED, "ND4J's " + name + " failed: " + NATIVE.lastErrorMessage());
    }
  }

  static OpaqueDataBuffer opaque(INDArray array) {
    return ((BaseCpuDataBuffer) array.data()).getOpaqueDataBuffer();
  }

  static LongPointer shape(INDArray array) {
    return (LongPointer) array.shapeInfoDataBuffer().addressPointer();
  }

  @Override
  public String toString() {
    return name + " of " + input.shapeInfoToString() + " into " + output.shapeInfoToString();
  }
}
