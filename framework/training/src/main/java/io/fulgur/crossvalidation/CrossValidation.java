package io.fulgur.crossvalidation;

import io.fulgur.Fulgur;
import io.fulgur.RunKind;
import io.fulgur.Trainer;
import io.fulgur.TrainerBuilder;
import io.fulgur.callback.Callback;
import io.fulgur.callback.CheckpointCallback;
import io.fulgur.data.DataModule;
import io.fulgur.data.Dataset;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import io.fulgur.module.FulgurModule;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains a new module on each fold of the data and judges it by the samples held out.
 *
 * <pre>{@code
 * CrossValidationResult result =
 *     CrossValidation.builder()
 *         .folds(KFold.of(5).stratifiedBy("label").shuffled(1))
 *         .trainer(() -> Trainer.builder().maxEpochs(50).callback(EarlyStopping.builder()...build()))
 *         .module(() -> new TumourClassifier(32, 1e-3))
 *         .data(FoldBatches.of(32).fitted(train -> Normalize.fit(train, "features")))
 *         .build()
 *         .run(tumours);
 * System.out.print(result);
 * }</pre>
 *
 * <p>Nothing goes from fold to fold: module, data, trainer and callbacks are made anew for each.
 * The files of fold 0 are under {@code fold_0} in the root folder, and so on. Judged are the
 * weights of the best checkpoint, if the trainer keeps checkpoints, else those at the end.
 *
 * @since 0.1
 */
public final class CrossValidation {
  private static final Logger LOG = LoggerFactory.getLogger(CrossValidation.class);

  private final CrossValidationBuilder options;

  CrossValidation(CrossValidationBuilder options) {
    this.options = options;
  }

  /** Starts to describe a cross-validation. */
  public static CrossValidationBuilder builder() {
    return new CrossValidationBuilder();
  }

  /**
   * Trains and judges, fold after fold.
   *
   * @throws FulgurException if the samples cannot be divided, or a factory gives the same module,
   *     trainer or callback with state to two folds; what a run throws comes out as it is
   */
  public CrossValidationResult run(Dataset dataset) {
    List<Fold> folds = options.folds().split(dataset);
    Set<Object> used = Collections.newSetFromMap(new IdentityHashMap<>());
    List<FoldResult> results = new ArrayList<>();
    for (Fold fold : folds) {
      LOG.info("{} (of {} folds)", fold, folds.size());
      results.add(run(fold, used));
    }
    return new CrossValidationResult(results);
  }

  private FoldResult run(Fold fold, Set<Object> used) {
    Long seed = options.seed();
    if (seed != null) {
      Fulgur.seedEverything(seed);
    }
    FulgurModule module = fresh(options.newModule(), "module", fold, used);
    TrainerBuilder builder = fresh(options.newTrainer(), "trainer", fold, used);
    Trainer trainer =
        builder.defaultRootDir(options.rootDir().resolve("fold_" + fold.index())).build();
    for (Callback callback : trainer.callbacks()) {
      requireUnused(callback, "callback", fold, used);
    }
    DataModule data = fresh(options.data().of(fold), "data module", fold, used);

    trainer.fit(module, data);
    FoldResult result = judge(fold, trainer, module, data);
    options.afterFold().accept(new FoldRun(fold, trainer, module, data, result));
    for (Callback callback : trainer.callbacks()) {
      // What has no state may serve every fold.
      if (!callback.state().isEmpty()) {
        used.add(callback);
      }
    }
    return result;
  }

  private FoldResult judge(Fold fold, Trainer trainer, FulgurModule module, DataModule data) {
    int epochs = trainer.currentEpoch();
    CheckpointCallback checkpoints = trainer.checkpointCallback();
    Path best = checkpoints == null ? null : checkpoints.bestModelPath();
    Map<String, Double> metrics = new LinkedHashMap<>();
    for (Map<String, Double> ofLoader : evaluate(trainer, module, data, best)) {
      metrics.putAll(ofLoader);
    }
    return new FoldResult(
        fold.index(),
        fold.trainIndices().length,
        fold.heldOutIndices().length,
        epochs,
        metrics,
        best,
        trainer.logDir());
  }

  private List<Map<String, Double>> evaluate(
      Trainer trainer, FulgurModule module, DataModule data, @Nullable Path best) {
    boolean testing = options.evaluation() == RunKind.TEST;
    if (best == null) {
      return testing ? trainer.test(module, data) : trainer.validate(module, data);
    }
    String path = best.toString();
    return testing ? trainer.test(module, data, path) : trainer.validate(module, data, path);
  }

  private static <T> T fresh(T made, String what, Fold fold, Set<Object> used) {
    requireUnused(made, what, fold, used);
    used.add(made);
    return made;
  }

  private static void requireUnused(Object made, String what, Fold fold, Set<Object> used) {
    if (used.contains(made)) {
      throw new FulgurException(
          ErrorId.SHARED_BETWEEN_FOLDS,
          "Fold %d was given the same %s as an earlier fold, a %s, so it would not start afresh. Make a new one each time, inside the function that was passed to CrossValidation."
              .formatted(fold.index(), what, made.getClass().getSimpleName()));
    }
  }
}
