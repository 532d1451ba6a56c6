package io.fulgur.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import io.fulgur.error.FulgurException;
import io.fulgur.nn.testing.RestoresRandomState;
import io.fulgur.tensor.Autocast;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.Generator;
import io.fulgur.tensor.Shape;
import io.fulgur.tensor.ShapeException;
import io.fulgur.tensor.Tensor;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(RestoresRandomState.class)
class SequenceLayersTest {
  private static final Generator RANDOM = new Generator(1);

  private static Tensor random(long... shape) {
    return Tensor.normal(RANDOM, 0, 1, DType.F32, shape);
  }

  @Test
  void embedding_withPadding_startsAtZeroThereAndIsNotTrained() {
    Embedding embedding = Embedding.builder(4, 3).paddingIndex(2).build();
    assertThat(embedding.weight().select(0, 2).toFloatArray()).containsOnly(0);
    embedding.call(Tensor.of(new long[] {2, 1, 2}, 3)).sum().backward();
    Tensor grad = embedding.weight().grad();
    assertThat(grad).isNotNull();
    assertThat(grad.toFloatArray()).containsExactly(0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0);
  }

  @Test
  void embedding_withMaxNorm_shortensWhatIsLookedUpAndNothingElse() {
    Embedding embedding = Embedding.builder(3, 2).maxNorm(1).build();
    embedding.weight().assign(Tensor.of(new float[] {3, 4, 6, 8, 0.3f, 0.4f}, 3, 2));
    Tensor out = embedding.call(Tensor.of(new long[] {0, 2}, 2));
    assertThat(out.toDoubleArray())
        .usingComparatorWithPrecision(1e-6)
        .containsExactly(0.6, 0.8, 0.3, 0.4);
    assertThat(embedding.weight().select(0, 1).toFloatArray()).containsExactly(6, 8);
  }

  @Test
  void embedding_fromPretrainedFrozen_keepsItsVectors() {
    Embedding embedding = Embedding.fromPretrained(Tensor.ones(2, 3), /* freeze= */ true);
    assertThat(embedding.weight().requiresGrad()).isFalse();
    assertThat(embedding.call(Tensor.arange(2)).toFloatArray()).containsOnly(1);
  }

  @Test
  void positionalEncoding_ofZeros_isSinesAndCosines() {
    double[] y = new PositionalEncoding(4, 10).call(Tensor.zeros(1, 3, 4)).toDoubleArray();
    double[] last = Arrays.copyOfRange(y, 8, 12);
    double[] expected = {Math.sin(2), Math.cos(2), Math.sin(0.02), Math.cos(0.02)};
    for (int i = 0; i < 4; i++) {
      assertThat(last[i]).isCloseTo(expected[i], offset(1e-6));
    }
  }

  @Test
  void positionalEncoding_ofLongerSequence_tellsTheLongest() {
    assertThatThrownBy(() -> new PositionalEncoding(4, 10).call(Tensor.zeros(1, 11, 4)))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("at most 10 times")
        .hasMessageContaining("[1, 11, 4]");
  }

  @Test
  void lstm_goingOnFromItsState_equalsOneRun() {
    LSTM lstm = LSTM.builder(3, 4).layers(2).build();
    Tensor x = random(2, 6, 3);
    RecurrentOutput whole = lstm.call(x, null);
    RecurrentOutput first = lstm.call(x.slice(1, 0, 4), null);
    RecurrentOutput second = lstm.call(x.slice(1, 4, 6), first.state());
    assertThat(second.output().toFloatArray())
        .isEqualTo(whole.output().slice(1, 4, 6).toFloatArray());
    assertThat(second.state().hidden().toFloatArray())
        .isEqualTo(whole.state().hidden().toFloatArray());
  }

  @Test
  void lstm_withDropout_dropsBetweenLayersInTrainingOnly() {
    LSTM lstm = LSTM.builder(3, 4).layers(2).dropout(0.9).build();
    Tensor x = random(2, 5, 3);
    assertThat(lstm.call(x).toFloatArray()).isNotEqualTo(lstm.call(x).toFloatArray());
    lstm.eval();
    assertThat(lstm.call(x).toFloatArray()).isEqualTo(lstm.call(x).toFloatArray());
  }

  @Test
  void recurrent_parameters_startWithinTheBound() {
    GRU gru = new GRU(5, 16);
    gru.parameters()
        .forEach(
            p -> {
              double largest = p.abs().max().item();
              assertThat(largest).isBetween(0.15, 0.25);
            });
  }

  @Test
  void lstm_ofOtherFeatures_tellsWhatItNeeds() {
    assertThatThrownBy(() -> new LSTM(3, 4).call(Tensor.zeros(2, 5, 6)))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("LSTM(inputSize=3, hiddenSize=4)")
        .hasMessageContaining("[batch, time, 3]")
        .hasMessageContaining("[2, 5, 6]");
  }

  @Test
  void lstm_withDropoutOfOneLayer_isRejected() {
    assertThatThrownBy(() -> LSTM.builder(3, 4).dropout(0.5).build())
        .isInstanceOf(FulgurException.class)
        .hasMessageContaining("between layers");
  }

  @Test
  void attention_ofFeaturesThatHeadsDoNotShare_isRejected() {
    assertThatThrownBy(() -> new MultiheadAttention(10, 3))
        .isInstanceOf(FulgurException.class)
        .hasMessageContaining("features=10, heads=3");
  }

  @Test
  void attention_causal_doesNotDependOnWhatComesLater() {
    MultiheadAttention attention = new MultiheadAttention(8, 2);
    Tensor x = random(1, 6, 8);
    Tensor other = x.add(0);
    other.slice(1, 4, 6).fill(7);
    Tensor a = attention.call(x, AttentionMask.ofFuture());
    Tensor b = attention.call(other, AttentionMask.ofFuture());
    assertThat(b.slice(1, 0, 4).toFloatArray()).isEqualTo(a.slice(1, 0, 4).toFloatArray());
    assertThat(b.select(1, 5).toFloatArray()).isNotEqualTo(a.select(1, 5).toFloatArray());
  }

  @Test
  void attention_withWeights_equalsThatWithout() {
    MultiheadAttention attention = new MultiheadAttention(8, 2);
    Tensor x = random(2, 5, 8);
    AttentionMask mask = AttentionMask.ofFuture();
    MultiheadAttention.WithWeights both = attention.callWithWeights(x, x, x, mask);
    float[] fused = attention.call(x, mask).toFloatArray();
    float[] output = both.output().toFloatArray();
    for (int i = 0; i < fused.length; i++) {
      assertThat(output[i]).isCloseTo(fused[i], offset(1e-5f));
    }
    assertThat(both.weights().shape()).isEqualTo(Shape.of(2, 2, 5, 5));
    for (float sum : both.weights().sum(/* keepDim= */ false, -1).toFloatArray()) {
      assertThat(sum).isCloseTo(1, offset(1e-5f));
    }
  }

  @Test
  void attention_ofPaddingAlone_isTheBiasAndHasNoNaN() {
    MultiheadAttention attention = new MultiheadAttention(4, 2);
    Tensor x = random(1, 3, 4).requiresGrad(true);
    Tensor all = Tensor.of(new boolean[] {true, true, true}, 1, 3);
    Tensor y = attention.call(x, AttentionMask.ofPadding(all));
    assertThat(y.toFloatArray()).containsOnly(0);
    y.sum().backward();
    Tensor grad = x.grad();
    assertThat(grad).isNotNull();
    assertThat(grad.toFloatArray()).containsOnly(0);
  }

  @Test
  void encoder_withDropout_differsInTrainingOnly() {
    TransformerEncoder encoder =
        new TransformerEncoder(2, TransformerEncoderLayer.builder(8, 2).feedForward(16)::build);
    Tensor x = random(2, 5, 8);
    assertThat(encoder.call(x).toFloatArray()).isNotEqualTo(encoder.call(x).toFloatArray());
    encoder.eval();
    assertThat(encoder.call(x).toFloatArray()).isEqualTo(encoder.call(x).toFloatArray());
  }

  @Test
  void call_ofSeveralInputs_runsTheHooksOnce() {
    TransformerDecoderLayer layer = TransformerDecoderLayer.builder(8, 2).feedForward(8).build();
    AtomicInteger calls = new AtomicInteger();
    layer.registerForwardHook(
        (module, inputs, outputs) -> {
          calls.incrementAndGet();
          return outputs;
        });
    layer.call(random(1, 3, 8), random(1, 4, 8));
    assertThat(calls).hasValue(1);
  }

  @Test
  void layers_inAutocast_computeInSixteenBitsAndTrainInSingle() {
    LSTM lstm = new LSTM(3, 4);
    TransformerEncoderLayer layer =
        TransformerEncoderLayer.builder(4, 2).feedForward(8).dropout(0).build();
    Tensor x = random(2, 5, 3);
    Tensor exact = layer.call(lstm.call(x));
    Tensor y;
    try (Autocast ignored = Autocast.to(DType.BF16)) {
      Tensor between = lstm.call(x);
      assertThat(between.dtype()).isEqualTo(DType.BF16);
      y = layer.call(between);
    }
    float[] expected = exact.toFloatArray();
    float[] actual = y.toFloatArray();
    for (int i = 0; i < actual.length; i++) {
      assertThat(actual[i]).isCloseTo(expected[i], offset(0.1f));
    }
    y.to(DType.F32).sum().backward();
    lstm.parameters()
        .forEach(
            p -> {
              Tensor grad = p.grad();
              assertThat(grad).isNotNull();
              assertThat(grad.dtype()).isEqualTo(DType.F32);
            });
  }
}
