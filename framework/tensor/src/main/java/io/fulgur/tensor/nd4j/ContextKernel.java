package io.fulgur.tensor.nd4j;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.tensor.Kernel;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.CustomOpDescriptor;
import org.nd4j.linalg.api.ops.OpContext;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;

/**
 * One of ND4J's declarable operators with everything set up once: running it is a single native
 * call, where ND4J's own call path spends tens of microseconds.
 */
final class ContextKernel implements Kernel {
  private static final NativeOps NATIVE = NativeOpsHolder.getInstance().getDeviceNativeOps();

  private final String name;
  private final long hash;
  private final OpContext context;
  private final Pointer pointer;

  ContextKernel(String name, INDArray[] inputs, INDArray[] outputs) {
    CustomOpDescriptor descriptor = Nd4j.getExecutioner().getCustomOperations().get(name);
    if (descriptor == null) {
      throw new IllegalArgumentException("ND4J has no operator " + name);
    }
    this.name = name;
    this.hash = descriptor.getHash();
    this.context = Nd4j.getExecutioner().buildContext();
    for (int i = 0; i < inputs.length; i++) {
      context.setInputArray(i, inputs[i]);
    }
    for (int i = 0; i < outputs.length; i++) {
      context.setOutputArray(i, outputs[i]);
    }
    this.pointer = context.contextPointer();
  }

  ContextKernel integers(long... values) {
    context.setIArguments(values);
    return this;
  }

  ContextKernel reals(double... values) {
    context.setTArguments(values);
    return this;
  }

  ContextKernel flags(boolean... values) {
    context.setBArguments(values);
    return this;
  }

  ContextKernel type(DataType dtype) {
    context.setDArguments(dtype);
    return this;
  }

  @Override
  public void run() {
    if (NATIVE.execCustomOp2(null, hash, pointer) != 0) {
      throw new FulgurException(
          ErrorId.KERNEL_FAILED,
          "ND4J's operator " + name + " failed: " + NATIVE.lastErrorMessage());
    }
  }

  @Override
  public void close() {
    try {
      context.close();
    } catch (Exception e) {
      throw new FulgurException(
          ErrorId.KERNEL_FAILED, "ND4J could not free the context of " + name, e);
    }
  }
}
