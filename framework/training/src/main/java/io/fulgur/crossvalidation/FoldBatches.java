package io.fulgur.crossvalidation;

import io.fulgur.RunKind;
import io.fulgur.data.DataLoader;
import io.fulgur.data.DataModule;
import io.fulgur.data.Dataset;
import io.fulgur.data.Transform;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads a fold in batches, after transforms that are fitted to its training part alone.
 *
 * <pre>{@code
 * FoldBatches.of(32).fitted(train -> Normalize.fit(train, "features")).validation(0.2, 1)
 * }</pre>
 *
 * <p>The samples held out are what test and prediction read. They are the validation data as well,
 * unless {@link #validation} takes some of the training part for that: then early stopping and the
 * choice of the best checkpoint do not see what the fold is judged by. Immutable.
 *
 * @since 0.1
 */
public final class FoldBatches implements FoldData {
  private final int batchSize;
  private final double validationFraction;
  private final long validationSeed;
  private final List<Function<Dataset, ? extends Transform>> fits;

  private FoldBatches(
      int batchSize,
      double validationFraction,
      long validationSeed,
      List<Function<Dataset, ? extends Transform>> fits) {
    this.batchSize = batchSize;
    this.validationFraction = validationFraction;
    this.validationSeed = validationSeed;
    this.fits = List.copyOf(fits);
  }

  /**
   * Returns batches of so many samples, those to train on shuffled.
   *
   * @throws FulgurException if it is not positive
   */
  public static FoldBatches of(int batchSize) {
    if (batchSize < 1) {
      throw invalid("batchSize is %d. It must be positive.", batchSize);
    }
    return new FoldBatches(batchSize, 0, 0, List.of());
  }

  /**
   * Returns these batches with one more transform, of all samples, that is made anew for each fold.
   *
   * @param fit makes the transform from the training part, which earlier transforms have changed
   */
  public FoldBatches fitted(Function<Dataset, ? extends Transform> fit) {
    List<Function<Dataset, ? extends Transform>> more = new ArrayList<>(fits);
    more.add(fit);
    return new FoldBatches(batchSize, validationFraction, validationSeed, more);
  }

  /**
   * Returns these batches with a part of the samples to train on being validated on instead.
   *
   * @param fraction how much of them, between 0 and 1
   * @param seed equal seeds take equal samples
   * @throws FulgurException if the fraction is not between 0 and 1
   */
  public FoldBatches validation(double fraction, long seed) {
    if (!(fraction > 0 && fraction < 1)) {
      throw invalid("the fraction to validate on is %s. It must be between 0 and 1.", fraction);
    }
    return new FoldBatches(batchSize, fraction, seed, fits);
  }

  private static FulgurException invalid(String message, Object value) {
    return new FulgurException(ErrorId.INVALID_OPTIONS, "FoldBatches: " + message.formatted(value));
  }

  /** Returns whether the samples held out are the validation data, too. */
  boolean validatesOnHeldOut() {
    return validationFraction == 0;
  }

  @Override
  public DataModule of(Fold fold) {
    return new Module(fold);
  }

  /** The three parts of a fold. */
  private record Parts(Dataset train, Dataset validation, Dataset heldOut) {
    Parts map(Transform transform) {
      return new Parts(train.map(transform), validation.map(transform), heldOut.map(transform));
    }
  }

  private Parts parts(Fold fold) {
    Parts parts;
    if (validatesOnHeldOut()) {
      parts = new Parts(fold.train(), fold.heldOut(), fold.heldOut());
    } else {
      List<Dataset> split =
          fold.train().randomSplit(validationSeed, 1 - validationFraction, validationFraction);
      parts = new Parts(split.get(0), split.get(1), fold.heldOut());
    }
    for (Function<Dataset, ? extends Transform> fit : fits) {
      parts = parts.map(fit.apply(parts.train()));
    }
    return parts;
  }

  private final class Module extends DataModule {
    private final Fold fold;
    private @Nullable Parts parts;

    Module(Fold fold) {
      this.fold = fold;
    }

    @Override
    public void setup(RunKind kind) {
      if (parts == null) {
        parts = FoldBatches.this.parts(fold);
      }
    }

    private Parts parts() {
      return Objects.requireNonNull(parts);
    }

    private DataLoader loader(Dataset dataset, boolean shuffle) {
      return DataLoader.builder(dataset).batchSize(batchSize).shuffle(shuffle).build();
    }

    @Override
    public DataLoader trainLoader() {
      return loader(parts().train(), /* shuffle= */ true);
    }

    @Override
    public DataLoader validationLoader() {
      return loader(parts().validation(), /* shuffle= */ false);
    }

    @Override
    public DataLoader testLoader() {
      return loader(parts().heldOut(), /* shuffle= */ false);
    }

    @Override
    public DataLoader predictLoader() {
      return testLoader();
    }
  }
}
