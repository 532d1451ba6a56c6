package io.fulgur.tensor.functional;

import io.fulgur.tensor.Calls;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.MemoryFormat;
import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.Tensor;
import java.util.Arrays;

/** Batch normalisation by element-wise functions and sums. */
final class ComposedBatchNorm {
  private ComposedBatchNorm() {}

  static Tensor[] forward(OpCall call, Tensor... in) {
    if (call.attributes(MemoryFormat.class) != MemoryFormat.ROW_MAJOR) {
      return again(call, in);
    }
    Tensor x = in[0].to(in[1].dtype());
    int[] dims = allButChannels(x);
    Tensor mean = x.mean(/* keepDim= */ true, dims);
    Tensor centred = x.sub(mean);
    Tensor variance = centred.square().mean(/* keepDim= */ true, dims);
    Tensor rstd = variance.add(call.scalar(0)).rsqrt();
    Tensor y = centred.mul(rstd.mul(channels(in[1], x))).add(channels(in[2], x));
    return new Tensor[] {y, mean.flatten(0, -1), variance.flatten(0, -1)};
  }

  /*
   * With n = (x - mean) rstd over the m elements of a channel:
   * dx = weight rstd (grad - mean(grad) - n mean(grad n)).
   */
  static Tensor[] backward(OpCall call, Tensor... in) {
    if (call.attributes(MemoryFormat.class) != MemoryFormat.ROW_MAJOR) {
      return again(call, in);
    }
    DType dtype = in[2].dtype();
    Tensor grad = in[0].to(dtype);
    Tensor x = in[1].to(dtype);
    int[] dims = allButChannels(x);
    Tensor rstd = channels(in[4], x).add(call.scalar(0)).rsqrt();
    Tensor n = x.sub(channels(in[3], x)).mul(rstd);
    Tensor dbias = grad.sum(/* keepDim= */ true, dims);
    Tensor dweight = grad.mul(n).sum(/* keepDim= */ true, dims);
    double share = (double) in[2].elements() / Math.max(1, x.elements());
    Tensor dx =
        grad.sub(dbias.mul(share)).sub(n.mul(dweight.mul(share))).mul(rstd.mul(channels(in[2], x)));
    return new Tensor[] {dx, dweight.flatten(0, -1), dbias.flatten(0, -1)};
  }

  static Tensor inference(OpCall call, Tensor... in) {
    if (call.attributes(MemoryFormat.class) != MemoryFormat.ROW_MAJOR) {
      return again(call, in)[0];
    }
    Tensor x = in[0].to(in[1].dtype());
    Tensor rstd = channels(in[2], x).add(call.scalar(0)).rsqrt();
    return x.sub(channels(in[1], x)).mul(rstd.mul(channels(in[3], x))).add(channels(in[4], x));
  }

  static Tensor[] updateRunning(OpCall call, Tensor... in) {
    double factor = call.scalar(0);
    return new Tensor[] {
      in[2].mul(1 - factor).add(in[0].mul(factor)),
      in[3].mul(1 - factor).add(in[1].mul(factor * call.scalar(1))),
      in[4].add(1)
    };
  }

  private static Tensor[] again(OpCall call, Tensor... in) {
    return Calls.callAll(
        call.operator(),
        MemoryFormat.ROW_MAJOR,
        new double[] {call.scalar(0)},
        RowMajor.copies(in));
  }

  static int[] allButChannels(Tensor x) {
    int[] dims = new int[x.rank() - 1];
    Arrays.setAll(dims, i -> i == 0 ? 0 : i + 1);
    return dims;
  }

  /** Returns a vector of channels as {@code [c, 1...]}, so that it broadcasts. */
  static Tensor channels(Tensor vector, Tensor x) {
    long[] shape = new long[x.rank() - 1];
    Arrays.fill(shape, 1);
    shape[0] = vector.size(0);
    return vector.reshape(shape);
  }
}
