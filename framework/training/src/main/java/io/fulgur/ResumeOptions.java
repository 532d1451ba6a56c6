package io.fulgur;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * Which checkpoint a fit goes on from, and what of it is restored: everything, unless said
 * otherwise.
 *
 * <pre>{@code
 * trainer.fit(module, data, ResumeOptions.last());
 * trainer.fit(module, data, ResumeOptions.from(path).without(ResumePart.SCHEDULERS));
 * trainer.fit(module, data, ResumeOptions.from(path).only(ResumePart.WEIGHTS));
 * }</pre>
 *
 * <p>What is not restored starts as in a new fit. A fit that restores everything gives bit by bit
 * the numbers of one that was never interrupted. Without {@link ResumePart#PROGRESS} training
 * starts at epoch 0, with the sanity check, and of {@link ResumePart#DATA} the position is left
 * out; without {@code DATA} a fit that goes on within an epoch reads its data from the first batch.
 *
 * @param ckptPath a path, {@code "best"} or {@code "last"}, as {@link Trainer} explains
 * @param parts what is restored
 * @param strictLoading whether a weight that the checkpoint lacks, or that the module lacks, is an
 *     error rather than a warning
 * @since 0.1
 */
public record ResumeOptions(String ckptPath, Set<ResumePart> parts, boolean strictLoading) {
  /**
   * Copies the parts.
   *
   * @throws FulgurException if there are none
   */
  public ResumeOptions {
    if (parts.isEmpty()) {
      throw new FulgurException(
          ErrorId.INVALID_ARGUMENT,
          "ResumeOptions restore nothing of \"%s\". Leave them out to start afresh, or restore one of %s."
              .formatted(ckptPath, Arrays.toString(ResumePart.values())));
    }
    parts = Collections.unmodifiableSet(EnumSet.copyOf(parts));
  }

  /** Goes on from a path, {@code "best"} or {@code "last"}. */
  public static ResumeOptions from(String ckptPath) {
    return new ResumeOptions(ckptPath, EnumSet.allOf(ResumePart.class), /* strictLoading= */ true);
  }

  /** Goes on from a file. */
  public static ResumeOptions from(Path path) {
    return from(path.toString());
  }

  /** Goes on from the newest checkpoint; begins if there is none, with a warning. */
  public static ResumeOptions last() {
    return from("last");
  }

  /** Goes on from the best checkpoint that this trainer has saved. */
  public static ResumeOptions best() {
    return from("best");
  }

  /** Restores these parts and nothing else. */
  public ResumeOptions only(ResumePart... restored) {
    EnumSet<ResumePart> chosen = EnumSet.noneOf(ResumePart.class);
    Collections.addAll(chosen, restored);
    return new ResumeOptions(ckptPath, chosen, strictLoading);
  }

  /** Leaves these parts as a new fit has them. */
  public ResumeOptions without(ResumePart... left) {
    EnumSet<ResumePart> chosen = EnumSet.copyOf(parts);
    Arrays.asList(left).forEach(chosen::remove);
    return new ResumeOptions(ckptPath, chosen, strictLoading);
  }

  /**
   * Sets whether weights must be the module's, name for name; true by default. Otherwise those that
   * both have are restored, and the others named in a warning.
   */
  public ResumeOptions strictLoading(boolean strict) {
    return new ResumeOptions(ckptPath, parts, strict);
  }

  /** Returns whether a part is restored. */
  public boolean restores(ResumePart part) {
    return parts.contains(part);
  }
}
