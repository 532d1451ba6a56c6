package io.fulgur.samples.charlm;

import io.fulgur.annotation.ConfigureOptimizers;
import io.fulgur.annotation.SaveHyperparameters;
import io.fulgur.annotation.TestStep;
import io.fulgur.annotation.TrainingStep;
import io.fulgur.annotation.ValidationStep;
import io.fulgur.data.Batch;
import io.fulgur.log.LogOptions;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.OptimizerPlan;
import io.fulgur.module.ScheduleInterval;
import io.fulgur.nn.AttentionMask;
import io.fulgur.nn.Embedding;
import io.fulgur.nn.Initializers;
import io.fulgur.nn.LayerNorm;
import io.fulgur.nn.Linear;
import io.fulgur.nn.Losses;
import io.fulgur.nn.TransformerEncoder;
import io.fulgur.nn.TransformerEncoderLayer;
import io.fulgur.nn.optimizer.AdamW;
import io.fulgur.nn.schedule.CosineAnnealingLR;
import io.fulgur.tensor.Tensor;

/** Foretells each character of a text from those before: a transformer that sees only the past. */
@SaveHyperparameters
public class CharacterModel extends FulgurModule {
  private static final double FIRST_DEVIATION = 0.02;

  private final Vocabulary vocabulary;
  private final int context;
  private final Embedding characters;
  private final Embedding positions;
  private final TransformerEncoder encoder;
  private final Linear head;
  private final double learningRate;
  private final int steps;

  /**
   * Makes a model with random weights.
   *
   * @param alphabet the characters of the text, as {@link Vocabulary#characters()} returns them
   * @param context how many characters it sees at most
   * @param learningRate falls to 0 over the steps
   */
  public CharacterModel(
      String alphabet,
      int context,
      int layers,
      int width,
      int heads,
      double dropout,
      double learningRate,
      int steps) {
    this.vocabulary = new Vocabulary(alphabet);
    this.context = context;
    this.characters = new Embedding(vocabulary.size(), width);
    this.positions = new Embedding(context, width);
    this.encoder =
        new TransformerEncoder(
            layers,
            TransformerEncoderLayer.builder(width, heads)
                    .feedForward(4L * width)
                    .dropout(dropout)
                    .normFirst(true)
                ::build,
            new LayerNorm(width));
    this.head = new Linear(width, vocabulary.size());
    this.learningRate = learningRate;
    this.steps = steps;
    Initializers.normal(characters.weight(), 0, FIRST_DEVIATION);
    Initializers.normal(positions.weight(), 0, FIRST_DEVIATION);
  }

  /** Returns the characters that the model knows. */
  public Vocabulary vocabulary() {
    return vocabulary;
  }

  /** Returns how many characters the model sees at most. */
  public int context() {
    return context;
  }

  /**
   * Returns logits {@code [batch, time, characters]} of what follows each of {@code [batch, time]}.
   */
  @Override
  public Tensor forward(Tensor text) {
    Tensor places = positions.weight().slice(0, 0, text.size(1));
    Tensor x = characters.call(text).add(places);
    return head.call(encoder.call(x, AttentionMask.ofFuture()));
  }

  private Tensor loss(Batch batch) {
    Tensor logits = call(batch.get("input"));
    return Losses.crossEntropy(
        logits.reshape(-1, vocabulary.size()), batch.get("next").reshape(-1));
  }

  @TrainingStep
  Tensor trainingStep(Batch batch) {
    Tensor loss = loss(batch);
    log("train_loss", loss, LogOptions.onStep().progressBar());
    return loss;
  }

  @ValidationStep
  void validationStep(Batch batch) {
    log("val_loss", loss(batch), LogOptions.defaults().progressBar());
  }

  @TestStep
  void testStep(Batch batch) {
    log("test_loss", loss(batch));
  }

  @ConfigureOptimizers
  OptimizerPlan configureOptimizers() {
    AdamW optimizer = AdamW.of(parameters()).learningRate(learningRate).weightDecay(0.1);
    return OptimizerPlan.of(optimizer)
        .withScheduler(new CosineAnnealingLR(optimizer, steps), ScheduleInterval.STEP, 1);
  }
}
