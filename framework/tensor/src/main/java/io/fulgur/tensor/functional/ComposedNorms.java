package io.fulgur.tensor.functional;

import io.fulgur.tensor.OpCall;
import io.fulgur.tensor.Tensor;

/** Normalisations of rows by element-wise functions and sums. */
final class ComposedNorms {
  private ComposedNorms() {}

  /*
   * With n = (x - mean) rstd and h = grad weight, over each row:
   * dx = rstd (h - mean(h) - n mean(h n)).
   */
  private static Tensor ofRows(Tensor h, Tensor n, Tensor rstd) {
    Tensor meanOfGrad = h.mean(/* keepDim= */ true, 1);
    Tensor meanOfProduct = h.mul(n).mean(/* keepDim= */ true, 1);
    return h.sub(meanOfGrad).sub(n.mul(meanOfProduct)).mul(rstd);
  }

  private static Tensor reciprocalRoot(Tensor x, double epsilon) {
    return x.square().mean(/* keepDim= */ true, 1).add(epsilon).rsqrt();
  }

  static Tensor[] layer(OpCall call, Tensor... in) {
    Tensor x = in[0].to(in[1].dtype());
    Tensor mean = x.mean(/* keepDim= */ true, 1);
    Tensor centred = x.sub(mean);
    Tensor rstd = reciprocalRoot(centred, call.scalar(0));
    Tensor y = centred.mul(rstd).mul(in[1]).add(in[2]);
    return new Tensor[] {y, mean.squeeze(1), rstd.squeeze(1)};
  }

  static Tensor[] layerBackward(OpCall call, Tensor... in) {
    Tensor grad = in[0].to(in[2].dtype());
    Tensor x = in[1].to(in[2].dtype());
    Tensor rstd = in[4].unsqueeze(1);
    Tensor n = x.sub(in[3].unsqueeze(1)).mul(rstd);
    return new Tensor[] {
      ofRows(grad.mul(in[2]), n, rstd),
      grad.mul(n).sum(/* keepDim= */ false, 0),
      grad.sum(/* keepDim= */ false, 0)
    };
  }

  static Tensor[] group(OpCall call, Tensor... in) {
    Tensor x = in[0].to(in[1].dtype());
    Tensor rows = rows(x, call.attributes(Integer.class));
    Tensor mean = rows.mean(/* keepDim= */ true, 1);
    Tensor centred = rows.sub(mean);
    Tensor rstd = reciprocalRoot(centred, call.scalar(0));
    Tensor y =
        centred
            .mul(rstd)
            .reshape(x.shape().toArray())
            .mul(ComposedBatchNorm.channels(in[1], x))
            .add(ComposedBatchNorm.channels(in[2], x));
    return new Tensor[] {y, mean.squeeze(1), rstd.squeeze(1)};
  }

  static Tensor[] groupBackward(OpCall call, Tensor... in) {
    int groups = call.attributes(Integer.class);
    Tensor grad = in[0].to(in[2].dtype());
    Tensor x = in[1].to(in[2].dtype());
    int[] dims = ComposedBatchNorm.allButChannels(x);
    Tensor rstd = in[4].unsqueeze(1);
    Tensor n = rows(x, groups).sub(in[3].unsqueeze(1)).mul(rstd);
    Tensor h = rows(grad.mul(ComposedBatchNorm.channels(in[2], x)), groups);
    long[] shape = x.shape().toArray();
    return new Tensor[] {
      ofRows(h, n, rstd).reshape(shape),
      grad.mul(n.reshape(shape)).sum(/* keepDim= */ false, dims),
      grad.sum(/* keepDim= */ false, dims)
    };
  }

  /** Returns a row for each group of channels of each sample. */
  private static Tensor rows(Tensor x, int groups) {
    long rows = x.size(0) * groups;
    return x.reshape(rows, rows == 0 ? 0 : x.elements() / rows);
  }

  static Tensor[] rms(OpCall call, Tensor... in) {
    Tensor x = in[0].to(in[1].dtype());
    Tensor rstd = reciprocalRoot(x, call.scalar(0));
    return new Tensor[] {x.mul(rstd).mul(in[1]), rstd.squeeze(1)};
  }

  /*
   * With n = x rstd and h = grad weight, over each row: dx = rstd (h - n mean(h n)).
   */
  static Tensor[] rmsBackward(OpCall call, Tensor... in) {
    Tensor grad = in[0].to(in[2].dtype());
    Tensor rstd = in[3].unsqueeze(1);
    Tensor n = in[1].to(in[2].dtype()).mul(rstd);
    Tensor h = grad.mul(in[2]);
    Tensor meanOfProduct = h.mul(n).mean(/* keepDim= */ true, 1);
    return new Tensor[] {
      h.sub(n.mul(meanOfProduct)).mul(rstd), grad.mul(n).sum(/* keepDim= */ false, 0)
    };
  }
}
