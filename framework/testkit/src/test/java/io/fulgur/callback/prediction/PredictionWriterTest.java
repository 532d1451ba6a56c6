package io.fulgur.callback.prediction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fulgur.PredictOptions;
import io.fulgur.Trainer;
import io.fulgur.annotation.PredictStep;
import io.fulgur.callback.Callback;
import io.fulgur.data.Batch;
import io.fulgur.data.DataLoader;
import io.fulgur.data.DataModule;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.StepOutput;
import io.fulgur.precision.Precision;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.Tensor;
import io.fulgur.testkit.BoringData;
import io.fulgur.testkit.BoringModule;
import io.fulgur.testkit.CleanThread;
import io.fulgur.trainer.TestTrainers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(CleanThread.class)
class PredictionWriterTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  /** Predicts outputs of several shapes and types. */
  static final class Several extends FulgurModule {
    @PredictStep
    StepOutput predict(Batch batch) {
      Tensor x = batch.get(BoringData.FEATURES);
      Tensor first = x.slice(1, 0, 4);
      return StepOutput.of("score", first.select(1, 0))
          .with("wide", first.reshape(x.size(0), 2, 2))
          .with("label", first.argmax(1))
          .with("high", first.select(1, 0).gt(0))
          .with("odd", first.select(1, 1).mul(0).add(Double.NaN));
    }
  }

  private static DataLoader loader(int samples, int batchSize) {
    return DataLoader.builder(BoringData.dataset(samples)).batchSize(batchSize).build();
  }

  private static Trainer trainer(Callback... callbacks) {
    return TestTrainers.quiet().callbacks(callbacks).build();
  }

  private static DataModule data(DataLoader... loaders) {
    return DataModule.builder().predict(loaders).build();
  }

  private static final PredictOptions STREAMED = PredictOptions.defaults().returnPredictions(false);

  @Test
  void predict_csv_hasARowForEachSample() throws IOException {
    Path file = folder.resolve("new/predictions.csv");
    BoringModule module = new BoringModule();
    DataLoader loader = loader(5, 2);
    List<StepOutput> returned =
        trainer(new CsvPredictionWriter(file)).predict(module, data(loader));

    List<String> expected =
        new ArrayList<>(List.of("dataloader,batch,sample,prediction_0,prediction_1"));
    for (int b = 0; b < returned.size(); b++) {
      float[] values = returned.get(b).get(StepOutput.PREDICTION).toFloatArray();
      for (int i = 0; i < values.length / 2; i++) {
        expected.add("0,%d,%d,%s,%s".formatted(b, 2 * b + i, values[2 * i], values[2 * i + 1]));
      }
    }
    assertThat(expected).hasSize(6);
    assertThat(Files.readAllLines(file)).isEqualTo(expected);
    assertThat(file.resolveSibling("predictions.csv.partial")).doesNotExist();
  }

  @Test
  void predict_jsonLines_holdEveryShapeAndType() throws IOException {
    Path file = folder.resolve("predictions.jsonl");
    List<StepOutput> returned =
        trainer(new JsonLinesPredictionWriter(file)).predict(new Several(), data(loader(3, 2)));

    List<String> lines = Files.readAllLines(file);
    assertThat(lines).hasSize(3);
    JsonNode second = JSON.readTree(lines.get(1));
    float[] wide = returned.get(0).get("wide").toFloatArray();
    assertThat(second.get("dataloader").intValue()).isZero();
    assertThat(second.get("batch").intValue()).isZero();
    assertThat(second.get("sample").intValue()).isEqualTo(1);
    assertThat(second.get("score").floatValue())
        .isEqualTo(returned.get(0).get("score").toFloatArray()[1]);
    assertThat(second.get("wide").toString())
        .isEqualTo("[[%s,%s],[%s,%s]]".formatted(wide[4], wide[5], wide[6], wide[7]));
    assertThat(second.get("label").isIntegralNumber()).isTrue();
    assertThat(second.get("high").isBoolean()).isTrue();
    assertThat(second.get("odd").textValue()).isEqualTo("NaN");
  }

  @Test
  void predict_notReturned_keepsNothingAndWritesAll() throws IOException {
    Path file = folder.resolve("predictions.jsonl");
    List<StepOutput> returned =
        trainer(new JsonLinesPredictionWriter(file))
            .predict(new BoringModule(), data(loader(5, 2)), STREAMED);

    assertThat(returned).isEmpty();
    assertThat(Files.readAllLines(file)).hasSize(5);
  }

  /** Notes what it is given. */
  private static final class Noting extends PredictionWriter {
    final List<String> batches = new ArrayList<>();
    final List<String> epoch = new ArrayList<>();
    final List<PredictedBatch> given = new ArrayList<>();

    Noting(WriteInterval interval) {
      super(interval);
    }

    private static String text(PredictedBatch batch) {
      return "%d/%d %s of %d: %s"
          .formatted(
              batch.dataloaderIndex(),
              batch.batchIndex(),
              Arrays.toString(batch.indices()),
              batch.size(),
              batch.output().get(StepOutput.PREDICTION).shape());
    }

    @Override
    protected void writeOnBatchEnd(Trainer trainer, FulgurModule module, PredictedBatch batch) {
      batches.add(text(batch));
    }

    @Override
    protected void writeOnEpochEnd(Trainer trainer, FulgurModule module, List<PredictedBatch> all) {
      all.forEach(batch -> epoch.add(text(batch)));
      given.addAll(all);
    }
  }

  @Test
  void predict_intervals_giveBatchesAtOnceOrInTheEnd() {
    List<String> expected =
        List.of("0/0 [0, 1] of 2: [2, 2]", "0/1 [2] of 1: [1, 2]", "1/0 [0, 1, 2] of 3: [3, 2]");
    for (WriteInterval interval : WriteInterval.values()) {
      Noting writer = new Noting(interval);
      trainer(writer).predict(new BoringModule(), data(loader(3, 2), loader(3, 3)), STREAMED);

      assertThat(writer.batches).isEqualTo(interval == WriteInterval.EPOCH ? List.of() : expected);
      assertThat(writer.epoch).isEqualTo(interval == WriteInterval.BATCH ? List.of() : expected);
      assertThat(writer.given)
          .allMatch(batch -> !batch.output().get(StepOutput.PREDICTION).isAlive());
    }
  }

  @Test
  void predict_shuffledInAnotherPrecision_tellsWhichSamplesTheseAre() {
    List<Long> seen = new ArrayList<>();
    DataLoader shuffled =
        DataLoader.builder(BoringData.dataset(8))
            .batchSize(2)
            .shuffle(true)
            .seed(3)
            .workers(2)
            .build();
    float[] expected = new float[8];
    for (int i = 0; i < 8; i++) {
      expected[i] = BoringData.dataset(8).get(i).get(BoringData.FEATURES).toFloatArray()[0];
    }
    PredictionWriter writer =
        new PredictionWriter(WriteInterval.BATCH) {
          @Override
          protected void writeOnBatchEnd(
              Trainer trainer, FulgurModule module, PredictedBatch batch) {
            double[] first = batch.output().get("prediction").toDoubleArray();
            for (int i = 0; i < first.length; i++) {
              seen.add(batch.indices()[i]);
              assertThat((float) first[i]).isEqualTo(expected[(int) batch.indices()[i]]);
            }
          }
        };
    FulgurModule first =
        new BoringModule() {
          @Override
          protected Tensor predictStep(Batch batch) {
            assertThat(batch.get(BoringData.FEATURES).dtype()).isEqualTo(DType.F64);
            return batch.get(BoringData.FEATURES).select(1, 0);
          }
        };
    TestTrainers.quiet()
        .precision(Precision.F64_TRUE)
        .callback(writer)
        .build()
        .predict(first, data(shuffled), STREAMED);

    assertThat(seen)
        .containsExactlyInAnyOrder(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L)
        .isNotEqualTo(List.of(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L));
  }

  @Test
  void predict_fails_leavesTheOldFileAndWhatThereIs() throws IOException {
    Path file = folder.resolve("predictions.csv");
    Files.writeString(file, "old");
    BoringModule failing =
        new BoringModule() {
          @Override
          protected Tensor predictStep(Batch batch) {
            if (batch.indices()[0] == 2) {
              throw new IllegalStateException("on purpose");
            }
            return super.predictStep(batch);
          }
        };
    Trainer trainer = trainer(new CsvPredictionWriter(file));
    assertThatThrownBy(() -> trainer.predict(failing, data(loader(4, 1)))).hasMessage("on purpose");

    assertThat(Files.readString(file)).isEqualTo("old");
    assertThat(Files.readAllLines(folder.resolve("predictions.csv.partial"))).hasSize(3);
  }

  @Test
  void predict_outputWithoutRows_saysWhatToReturn() {
    BoringModule mean =
        new BoringModule() {
          @Override
          protected Tensor predictStep(Batch batch) {
            return super.predictStep(batch).mean();
          }
        };
    Trainer trainer = trainer(new CsvPredictionWriter(folder.resolve("predictions.csv")));

    assertThatThrownBy(() -> trainer.predict(mean, data(loader(4, 2))))
        .isInstanceOfSatisfying(
            FulgurException.class, e -> assertThat(e.id()).isEqualTo(ErrorId.SHAPE_MISMATCH))
        .hasMessage(
            "[ShapeMismatch] The prediction \"prediction\" has shape [], but the batch has 2 samples,"
                + " so that CsvPredictionWriter has no row for each. Return tensors whose first size"
                + " is the number of samples, or extend PredictionWriter.");
  }

  @Test
  void predict_csvOfOtherShapes_saysWhichColumnsThereAre() {
    BoringModule growing =
        new BoringModule() {
          @Override
          protected Tensor predictStep(Batch batch) {
            return batch.get(BoringData.FEATURES).slice(1, 0, batch.indices()[0] + 1);
          }
        };
    Trainer trainer = trainer(new CsvPredictionWriter(folder.resolve("predictions.csv")));

    assertThatThrownBy(() -> trainer.predict(growing, data(loader(2, 1))))
        .hasMessage(
            "[ShapeMismatch] Batch 1 of dataloader 0 predicts [dataloader, batch, sample,"
                + " prediction_0, prediction_1], but the file has the columns [dataloader, batch,"
                + " sample, prediction_0]. Return the same outputs of the same shapes for each batch,"
                + " or use JsonLinesPredictionWriter.");
  }

  @Test
  void predict_fileCannotBeMade_saysSo() throws IOException {
    Path blocked = folder.resolve("file");
    Files.writeString(blocked, "in the way");
    Trainer trainer = trainer(new CsvPredictionWriter(blocked.resolve("predictions.csv")));

    assertThatThrownBy(() -> trainer.predict(new BoringModule(), data(loader(2, 1))))
        .isInstanceOfSatisfying(
            FulgurException.class, e -> assertThat(e.id()).isEqualTo(ErrorId.CANNOT_WRITE))
        .hasMessageContaining("CsvPredictionWriter cannot write " + blocked);
  }
}
