package io.fulgur.crossvalidation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fulgur.ReferenceFiles;
import io.fulgur.RunKind;
import io.fulgur.data.ArrayDataset;
import io.fulgur.data.Dataset;
import io.fulgur.data.HostArray;
import io.fulgur.error.FulgurException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Holds the whole text of the errors of cross-validation. */
class CrossValidationErrorTextsTest {
  private final Map<String, ThrowingCallable> mistakes = new LinkedHashMap<>();

  private static Dataset keyed(long... keys) {
    return ArrayDataset.of("key", HostArray.of(keys))
        .with("pair", HostArray.of(new long[2 * keys.length], keys.length, 2));
  }

  private void folds() {
    Dataset three = keyed(0, 0, 1);
    mistakes.put("k 1", () -> KFold.of(1));
    mistakes.put("both rules", () -> KFold.of(2).stratifiedBy("class").groupedBy("patient"));
    mistakes.put("too few samples", () -> KFold.of(4).split(three));
    mistakes.put("too few of every class", () -> KFold.of(3).stratifiedBy("key").split(three));
    mistakes.put("too few groups", () -> KFold.of(3).groupedBy("key").split(three));
    mistakes.put("not a number", () -> KFold.of(2).stratifiedBy("pair").split(three));
    mistakes.put("empty fold", () -> Fold.of(1, three, new long[0], new long[] {1}));
    mistakes.put("overlap", () -> Fold.of(1, three, new long[] {2, 0}, new long[] {1, 2}));
    mistakes.put("batch size", () -> FoldBatches.of(0));
    mistakes.put("fraction", () -> FoldBatches.of(1).validation(1, 0));
  }

  private void crossValidation() {
    mistakes.put("nothing given", () -> CrossValidation.builder().evaluation(RunKind.FIT).build());
    mistakes.put(
        "validating on other samples",
        () ->
            CrossValidation.builder()
                .module(() -> null)
                .trainer(() -> null)
                .data(FoldBatches.of(1).validation(0.5, 0))
                .evaluation(RunKind.VALIDATE)
                .build());
    FoldResult fold = new FoldResult(3, 1, 1, 1, Map.of("test_acc", 1.0), null, Path.of("fold_3"));
    mistakes.put(
        "unknown metric", () -> new CrossValidationResult(List.of(fold)).mean("test_loss"));
  }

  @Test
  void mistakes_ofEveryKind_haveTheGoldenTexts() {
    folds();
    crossValidation();
    StringBuilder texts = new StringBuilder();
    mistakes.forEach(
        (name, mistake) -> {
          FulgurException e = catchThrowableOfType(FulgurException.class, mistake);
          assertThat(e).as(name).isNotNull();
          texts.append("# ").append(name).append('\n').append(e.getMessage()).append('\n');
        });

    assertThat(texts.toString())
        .isEqualTo(ReferenceFiles.text(CrossValidationErrorTextsTest.class, "error-texts.txt"));
  }
}
