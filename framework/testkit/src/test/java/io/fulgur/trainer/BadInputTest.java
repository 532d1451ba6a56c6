package io.fulgur.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fulgur.Trainer;
import io.fulgur.annotation.ConfigureOptimizers;
import io.fulgur.annotation.TrainingStep;
import io.fulgur.data.ArrayDataset;
import io.fulgur.data.Batch;
import io.fulgur.data.DataLoader;
import io.fulgur.data.DataModule;
import io.fulgur.data.Dataset;
import io.fulgur.data.HostArray;
import io.fulgur.data.Sample;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.OptimizerPlan;
import io.fulgur.nn.Linear;
import io.fulgur.nn.optimizer.SGD;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.StepScope;
import io.fulgur.tensor.Tensor;
import io.fulgur.testkit.BoringData;
import io.fulgur.testkit.BoringModule;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a user meets who does something wrong, through a trainer. */
@SuppressWarnings("UnusedMethod") // The trainer calls them.
class BadInputTest {
  @TempDir Path folder;

  private static Trainer trainer() {
    return TestTrainers.quiet().maxEpochs(1).build();
  }

  /** Expects an error of a kind whose text has these parts, and a thread that is left clean. */
  private static void assertFails(ErrorId id, Runnable action, String... parts) {
    FulgurException error = catchThrowableOfType(FulgurException.class, action::run);

    assertThat(error).isNotNull().hasMessageStartingWith("[" + id.label() + "] ");
    assertThat(error).hasMessageContainingAll(parts);
    assertThat(error.id()).isEqualTo(id);
    assertThat(StepScope.isOpen()).isFalse();
  }

  private static void assertFitFails(ErrorId id, FulgurModule module, String... parts) {
    assertFails(id, () -> trainer().fit(module, Classifier.ordered(16)), parts);
  }

  // ---------------------------------------------------------------- tensors in a step

  @Test
  void fit_wrongShapes_namesOperatorShapesAndLine() {
    class WrongShape extends Classifier {
      private final Linear extra = new Linear(7, 3);

      @Override
      Tensor loss(Batch batch) {
        return extra.call(forward(batch.get("image"))).sum();
      }
    }

    assertFitFails(ErrorId.SHAPE_MISMATCH, new WrongShape(), "[8, 4]", "7", "BadInputTest.java:");
  }

  @Test
  void fit_mixedDtypes_namesBoth() {
    class Mixed extends Classifier {
      @Override
      Tensor loss(Batch batch) {
        return forward(batch.get("image")).add(batch.get("image").to(DType.F64).sum()).sum();
      }
    }

    assertFitFails(ErrorId.DTYPE_MISMATCH, new Mixed(), "F32", "F64", "BadInputTest.java:");
  }

  @Test
  void fit_labelOutOfRange_namesLabelAndClasses() {
    float[] images = new float[3 * Classifier.FEATURES];
    Dataset data =
        ArrayDataset.of("image", HostArray.of(images, 3, Classifier.FEATURES))
            .with("label", HostArray.of(new long[] {0, Classifier.CLASSES, 1}));
    DataLoader loader = DataLoader.builder(data).batchSize(3).build();

    assertFails(
        ErrorId.INDEX_OUT_OF_RANGE, () -> trainer().fit(new Classifier(), loader), "4", "0", "3");
  }

  @Test
  void fit_tensorOfAnEarlierStep_namesItAndKeep() {
    class Hoarder extends Classifier {
      private @Nullable Tensor before;

      @Override
      Tensor loss(Batch batch) {
        Tensor loss = super.loss(batch);
        Tensor sum = before == null ? loss : loss.add(before);
        before = loss;
        return sum;
      }
    }
    Throwable error = catchThrowable(() -> trainer().fit(new Hoarder(), Classifier.ordered(16)));

    assertThat(error)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContainingAll(
            "[TensorReleased]", "after its step scope had closed", "keep()", "BadInputTest.java:");
    assertThat(StepScope.isOpen()).isFalse();
  }

  @Test
  void fit_lossOfManyElements_asksForOne() {
    class Many extends Classifier {
      @Override
      Tensor trainingStep(Batch batch) {
        return forward(batch.get("image"));
      }
    }

    assertFitFails(ErrorId.LOSS_NOT_SCALAR, new Many(), "[8, 4]");
  }

  @Test
  void fit_nameThatTheBatchLacks_listsThoseItHas() {
    class Misspelt extends Classifier {
      @Override
      Tensor loss(Batch batch) {
        return forward(batch.get("imag")).sum();
      }
    }

    assertFitFails(ErrorId.UNKNOWN_NAME, new Misspelt(), "\"imag\"", "Did you mean \"image\"?");
  }

  // ---------------------------------------------------------------- annotated methods

  @Test
  void fit_annotatedMethodsWrong_reportsAllOfThemBeforeAnythingRuns() {
    class Wrong extends FulgurModule {
      @TrainingStep
      Tensor step(Batch batch) {
        return batch.get("image");
      }

      @TrainingStep
      Tensor another(String text) {
        throw new AssertionError(text);
      }
    }

    assertFitFails(
        ErrorId.INVALID_MODULE,
        new Wrong(),
        "[DeclaredTwice]",
        "[WrongParameter]",
        "String",
        "[MissingOptimizers]");
  }

  @Test
  void fit_withoutTrainingStep_saysWhatToAdd() {
    class Nothing extends FulgurModule {
      private final Linear layer = new Linear(2, 2);

      @ConfigureOptimizers
      OptimizerPlan plan() {
        return OptimizerPlan.of(SGD.of(layer.parameters()));
      }
    }

    assertFitFails(ErrorId.INVALID_MODULE, new Nothing(), "[MissingStep]", "@TrainingStep");
  }

  // ---------------------------------------------------------------- data

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void fit_datasetThrows_namesTheSampleAndKeepsTheCause(int workers) {
    Dataset samples = BoringData.dataset(12);
    Dataset failing =
        new Dataset() {
          @Override
          public long size() {
            return samples.size();
          }

          @Override
          public Sample get(long index) {
            if (index == 7) {
              throw new IllegalStateException("cannot decode 7.png");
            }
            return samples.get(index);
          }
        };
    DataLoader loader = DataLoader.builder(failing).batchSize(2).workers(workers).build();
    Trainer trainer = trainer();

    assertFails(
        ErrorId.DATASET_FAILED,
        () -> trainer.fit(new BoringModule(), loader),
        "Sample 7",
        "epoch 0",
        "cannot decode 7.png");
    assertThat(trainer.globalStep()).isEqualTo(3);
  }

  @Test
  void loader_ofAnEmptyDataset_saysWhereToLook() {
    Dataset empty =
        new Dataset() {
          @Override
          public long size() {
            return 0;
          }

          @Override
          public Sample get(long index) {
            throw new AssertionError();
          }
        };

    assertFails(ErrorId.EMPTY_DATASET, () -> DataLoader.builder(empty).build(), "has no samples");
  }

  // ---------------------------------------------------------------- checkpoints

  private Path saved(FulgurModule module) {
    Path path = folder.resolve("saved.ckpt");
    Trainer trainer = trainer();
    trainer.fit(module, Classifier.ordered(16));
    trainer.saveCheckpoint(path);
    return path;
  }

  private void assertRefused(ErrorId id, Path path, String... parts) {
    Classifier module = new Classifier();
    Map<String, double[]> before = Classifier.weights(module);
    Trainer trainer = TestTrainers.quiet().maxEpochs(2).build();

    assertFails(id, () -> trainer.fit(module, DataModule.of(Classifier.ordered(16)), path), parts);
    Classifier.weights(module)
        .forEach((name, values) -> assertThat(values).as(name).containsExactly(before.get(name)));
  }

  @Test
  void fit_truncatedCheckpoint_changesNothing() throws IOException {
    Path path = saved(new Classifier());
    try (FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE)) {
      file.truncate(file.size() - 5);
    }

    assertRefused(ErrorId.CHECKPOINT_CORRUPT, path, "saved.ckpt");
  }

  @Test
  void fit_checkpointWithADamagedByte_changesNothing() throws IOException {
    Path path = saved(new Classifier());
    byte[] bytes = Files.readAllBytes(path);
    bytes[bytes.length - 9] ^= 0x40;
    Files.write(path, bytes);

    assertRefused(ErrorId.CHECKPOINT_CORRUPT, path, "saved.ckpt");
  }

  @Test
  void fit_checkpointThatIsNoneAtAll_changesNothing() throws IOException {
    Path path = folder.resolve("notes.txt");
    Files.writeString(path, "Remember the milk, and then some more words.");

    assertRefused(ErrorId.CHECKPOINT_CORRUPT, path, "notes.txt");
  }

  @Test
  void fit_checkpointThatIsNotThere_changesNothing() {
    assertRefused(ErrorId.CHECKPOINT_NOT_FOUND, folder.resolve("none.ckpt"), "none.ckpt");
  }

  @Test
  void fit_checkpointOfAnotherArchitecture_namesWhatDiffersAndChangesNothing() {
    class Wider extends Classifier {
      private final Linear extra = new Linear(2, 3);

      @Override
      Tensor loss(Batch batch) {
        return super.loss(batch).add(extra.weight().sum());
      }
    }

    assertRefused(
        ErrorId.CHECKPOINT_MISMATCH,
        saved(new Wider()),
        "saved.ckpt",
        "the weights could not be restored",
        "extra.weight");
  }

  @Test
  void fit_checkpointOfAnotherNumberOfOptimizers_saysHowMany() {
    class Two extends Classifier {
      @Override
      OptimizerPlan configureOptimizers() {
        return OptimizerPlan.of(
            SGD.of(parameters().subList(0, 1)).learningRate(0.1),
            SGD.of(parameters().subList(1, 6)).learningRate(0.1));
      }
    }

    assertFails(
        ErrorId.CHECKPOINT_MISMATCH,
        () ->
            TestTrainers.quiet()
                .maxEpochs(2)
                .build()
                .fit(new Classifier(), DataModule.of(Classifier.ordered(16)), saved(new Two())),
        "the optimizers could not be restored",
        "saved with 2 optimizers, but @ConfigureOptimizers made 1");
  }

  @Test
  void saveCheckpoint_whereNothingCanBeWritten_keepsWhatWasSaved() throws IOException {
    Path path = saved(new Classifier());
    byte[] before = Files.readAllBytes(path);
    Trainer trainer = trainer();
    trainer.fit(new Classifier(), Classifier.ordered(16));

    assertFails(
        ErrorId.CANNOT_WRITE,
        () -> trainer.saveCheckpoint(path.resolve("below a file.ckpt")),
        "saved.ckpt is a file, not a folder");
    assertThat(Files.readAllBytes(path)).isEqualTo(before);
  }
}
