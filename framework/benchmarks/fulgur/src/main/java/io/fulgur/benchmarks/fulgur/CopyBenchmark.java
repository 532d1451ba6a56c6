package io.fulgur.benchmarks.fulgur;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.Functional;
import io.fulgur.tensor.Generator;
import io.fulgur.tensor.MemoryFormat;
import io.fulgur.tensor.Tensor;
import org.openjdk.jmh.annotations.Param;

/** Copies that change the order of elements, conversions, and dropout. */
public class CopyBenchmark extends FunctionBenchmark {
  /** The functions. */
  public enum Kind implements Function {
    HEADS_FIRST,
    TRANSPOSE,
    CHANNELS_LAST,
    ROW_MAJOR,
    EXPAND,
    TO_BF16,
    TO_F16,
    DROPOUT;

    @Override
    public Tensor input() {
      return switch (this) {
        case HEADS_FIRST -> random(32, 64, 4, 32);
        case TRANSPOSE -> random(512, 784);
        case CHANNELS_LAST -> random(64, 16, 32, 32);
        case ROW_MAJOR -> channelsLast(64, 16, 32, 32);
        case EXPAND -> random(1, 1);
        case TO_BF16, TO_F16, DROPOUT -> random(64, 512);
      };
    }

    @Override
    public Tensor apply(Tensor x) {
      return switch (this) {
        case HEADS_FIRST -> x.permute(0, 2, 1, 3).contiguous();
        case TRANSPOSE -> x.transpose(0, 1).contiguous();
        case CHANNELS_LAST -> x.contiguous(MemoryFormat.CHANNELS_LAST);
        case ROW_MAJOR -> x.contiguous();
        case EXPAND -> x.expand(64, 512).contiguous();
        case TO_BF16 -> x.to(DType.BF16);
        case TO_F16 -> x.to(DType.F16);
        case DROPOUT -> Functional.dropout(x, 0.1, Generator.defaultGenerator());
      };
    }
  }

  /** Which function. */
  @Param public Kind kind = Kind.HEADS_FIRST;

  @Override
  Function function() {
    return kind;
  }
}
