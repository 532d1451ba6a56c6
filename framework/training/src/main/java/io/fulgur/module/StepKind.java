package io.fulgur.module;

import io.fulgur.RunKind;
import io.fulgur.annotation.PredictStep;
import io.fulgur.annotation.TestStep;
import io.fulgur.annotation.TrainingStep;
import io.fulgur.annotation.ValidationStep;
import java.lang.annotation.Annotation;

/**
 * The steps that a module can have.
 *
 * @since 0.1
 */
public enum StepKind {
  /** {@link TrainingStep}. */
  TRAINING(TrainingStep.class, "Tensor trainingStep(Batch batch) { ... return loss; }"),
  /** {@link ValidationStep}. */
  VALIDATION(
      ValidationStep.class, "void validationStep(Batch batch) { ... log(\"val_loss\", loss); }"),
  /** {@link TestStep}. */
  TEST(TestStep.class, "void testStep(Batch batch) { ... log(\"test_loss\", loss); }"),
  /** {@link PredictStep}. */
  PREDICT(PredictStep.class, "Tensor predictStep(Batch batch) { return forward(...); }");

  private final Class<? extends Annotation> annotation;
  private final String example;

  StepKind(Class<? extends Annotation> annotation, String example) {
    this.annotation = annotation;
    this.example = example;
  }

  /** Returns the annotation that marks this step. */
  public Class<? extends Annotation> annotation() {
    return annotation;
  }

  /** Returns the step without which a run of this kind makes no sense. */
  static StepKind neededFor(RunKind kind) {
    return switch (kind) {
      case FIT -> TRAINING;
      case VALIDATE -> VALIDATION;
      case TEST -> TEST;
      case PREDICT -> PREDICT;
    };
  }

  /** Returns a line of code that declares such a step. */
  String example() {
    return example;
  }
}
