package io.fulgur.benchmarks.fulgur;

import io.fulgur.tensor.Generator;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.Attention;
import io.fulgur.tensor.functional.Attention.Options;
import org.openjdk.jmh.annotations.Param;

/** Attention of the small transformer: 32 sequences of 64 tokens, 4 heads of 32. */
public class AttentionBenchmark extends FunctionBenchmark {
  private static final Tensor MASK = Tensor.zeros(32, 1, 1, 64);

  /** The functions. */
  public enum Kind implements Function {
    CAUSAL,
    MASKED,
    DROPOUT;

    @Override
    public Tensor input() {
      return random(32, 64, 3, 4, 32);
    }

    @Override
    public Tensor apply(Tensor x) {
      return switch (this) {
        case CAUSAL -> Attention.ofPacked(x, Options.ofPast());
        case MASKED -> Attention.ofPacked(x, Options.all().mask(MASK));
        case DROPOUT ->
            Attention.ofPacked(x, Options.ofPast().dropout(0.1, Generator.defaultGenerator()));
      };
    }
  }

  /** Which function. */
  @Param public Kind kind = Kind.CAUSAL;

  @Override
  Function function() {
    return kind;
  }
}
