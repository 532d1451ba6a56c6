package io.fulgur.tune;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * The losses at growing learning rates.
 *
 * @param points what was measured, in ascending order of the learning rate
 * @param mode how the learning rate grew
 * @param diverged whether the search ended early because the loss grew too much
 * @since 0.1
 */
public record LearningRateResult(List<LearningRatePoint> points, SweepMode mode, boolean diverged) {
  /** How many points at the start {@link #suggestion()} leaves out. */
  public static final int SKIP_BEGIN = 10;

  /** How many points at the end {@link #suggestion()} leaves out. */
  public static final int SKIP_END = 1;

  /** Copies the list. */
  public LearningRateResult {
    points = List.copyOf(points);
  }

  /** Returns {@link #suggestion(int, int)} with {@link #SKIP_BEGIN} and {@link #SKIP_END}. */
  public OptionalDouble suggestion() {
    return suggestion(SKIP_BEGIN, SKIP_END);
  }

  /**
   * Returns the learning rate at which the smoothed loss falls most steeply from step to step; none
   * if fewer than two points are left or it falls nowhere.
   *
   * @param skipBegin how many points at the start are left out, where the average is of few losses
   * @param skipEnd how many points at the end are left out
   */
  public OptionalDouble suggestion(int skipBegin, int skipEnd) {
    int steepest = steepest(skipBegin, skipEnd);
    return steepest < 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(points.get(steepest).learningRate());
  }

  /** Returns the index of the point that is suggested; -1 if there is none. */
  int steepest(int skipBegin, int skipEnd) {
    int first = Math.max(0, skipBegin);
    int last = points.size() - Math.max(0, skipEnd) - 1;
    return IntStream.rangeClosed(first, last)
        .filter(i -> first < last && slope(i, first, last) < 0)
        .reduce((a, b) -> slope(b, first, last) < slope(a, first, last) ? b : a)
        .orElse(-1);
  }

  /** Returns the central difference; at the ends that to the only neighbour. */
  private double slope(int i, int first, int last) {
    int before = Math.max(first, i - 1);
    int after = Math.min(last, i + 1);
    return (points.get(after).smoothedLoss() - points.get(before).smoothedLoss())
        / (after - before);
  }

  /**
   * Draws the losses over the learning rates, the {@linkplain #suggestion() suggestion} marked.
   *
   * <p>Needs {@code org.knowm.xchart:xchart} on the class path, but no screen.
   *
   * @param png the file; its folder is made if there is none
   * @throws io.fulgur.error.FulgurException if there is no point, the library is missing, or the
   *     file cannot be written
   */
  public void plot(Path png) {
    LearningRatePlot.write(this, png);
  }
}
