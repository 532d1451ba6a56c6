package io.fulgur.module;

import io.fulgur.RunKind;
import io.fulgur.annotation.ConfigureOptimizers;
import io.fulgur.annotation.Hook;
import io.fulgur.checkpoint.Checkpoint;
import io.fulgur.nn.optimizer.Optimizer;
import io.fulgur.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a kind of annotated method may take and return.
 *
 * @param title the annotation as a user writes it
 * @param subject the type of what a hook is about; {@code null} if nothing
 * @param batch whether the batch is offered
 * @param indices how many of (batch index, dataloader index) are offered
 * @param returns the types that may be returned, subtypes included
 */
record Offer(
    String title, @Nullable Class<?> subject, boolean batch, int indices, List<Class<?>> returns) {

  /** Returns what a training step may be that steps the optimizers by itself. */
  static Offer ofManualTrainingStep() {
    return new Offer(
        "@" + StepKind.TRAINING.annotation().getSimpleName(),
        null,
        true,
        1,
        List.of(void.class, Tensor.class, StepOutput.class));
  }

  static Offer of(StepKind kind) {
    String title = "@" + kind.annotation().getSimpleName();
    return switch (kind) {
      case TRAINING -> new Offer(title, null, true, 1, List.of(Tensor.class, StepOutput.class));
      case VALIDATION, TEST ->
          new Offer(title, null, true, 2, List.of(void.class, Tensor.class, StepOutput.class));
      case PREDICT -> new Offer(title, null, true, 2, List.of(Tensor.class, StepOutput.class));
    };
  }

  static Offer ofConfigureOptimizers() {
    return new Offer(
        "@" + ConfigureOptimizers.class.getSimpleName(),
        null,
        false,
        0,
        List.of(OptimizerPlan.class, Optimizer.class));
  }

  static Offer of(Hook hook) {
    String title = "@On(Hook." + hook + ")";
    List<Class<?>> nothing = List.of(void.class);
    return switch (hook) {
      case SETUP, TEARDOWN -> new Offer(title, RunKind.class, false, 0, nothing);
      case EXCEPTION -> new Offer(title, Throwable.class, false, 0, nothing);
      case CONFIGURE_CALLBACKS -> new Offer(title, null, false, 0, List.of(Object.class));
      case TRAIN_BATCH_START -> new Offer(title, null, true, 1, nothing);
      case TRAIN_BATCH_END -> new Offer(title, StepOutput.class, true, 1, nothing);
      case VALIDATION_BATCH_START, TEST_BATCH_START, PREDICT_BATCH_START ->
          new Offer(title, null, true, 2, nothing);
      case VALIDATION_BATCH_END, TEST_BATCH_END, PREDICT_BATCH_END ->
          new Offer(title, StepOutput.class, true, 2, nothing);
      case BEFORE_ZERO_GRAD, BEFORE_OPTIMIZER_STEP ->
          new Offer(title, Optimizer.class, false, 0, nothing);
      case BEFORE_BACKWARD -> new Offer(title, Tensor.class, false, 0, nothing);
      case SAVE_CHECKPOINT -> new Offer(title, Checkpoint.Builder.class, false, 0, nothing);
      case LOAD_CHECKPOINT -> new Offer(title, Checkpoint.class, false, 0, nothing);
      case PREPARE_DATA,
          CONFIGURE_MODEL,
          SANITY_CHECK_START,
          SANITY_CHECK_END,
          FIT_START,
          FIT_END,
          TRAIN_START,
          TRAIN_END,
          TRAIN_EPOCH_START,
          TRAIN_EPOCH_END,
          VALIDATION_START,
          VALIDATION_END,
          VALIDATION_EPOCH_START,
          VALIDATION_EPOCH_END,
          TEST_START,
          TEST_END,
          TEST_EPOCH_START,
          TEST_EPOCH_END,
          PREDICT_START,
          PREDICT_END,
          PREDICT_EPOCH_START,
          PREDICT_EPOCH_END,
          AFTER_BACKWARD ->
          new Offer(title, null, false, 0, nothing);
    };
  }

  /** Returns whether a method may return this type. */
  boolean allowsReturn(Class<?> type) {
    return returns.stream().anyMatch(allowed -> allowed.isAssignableFrom(type));
  }

  /** Lists what may be taken, e.g. {@code any of (Batch, int batchIndex) in any order}. */
  String parameters() {
    List<String> names = new ArrayList<>();
    if (subject != null) {
      names.add(Signatures.name(subject));
    }
    if (batch) {
      names.add("Batch");
    }
    names.addAll(Arrays.asList("int batchIndex", "int dataloaderIndex").subList(0, indices));
    return switch (names.size()) {
      case 0 -> "nothing";
      case 1 -> names.get(0) + " or nothing";
      default -> "any of (" + String.join(", ", names) + ") in any order";
    };
  }

  /** Lists what may be returned, e.g. {@code Tensor or StepOutput}. */
  String results() {
    return String.join(" or ", returns.stream().map(Offer::result).toList());
  }

  private static String result(Class<?> type) {
    if (type == void.class) {
      return "nothing";
    }
    return type == Object.class ? "a callback or a List of them" : type.getSimpleName();
  }
}
