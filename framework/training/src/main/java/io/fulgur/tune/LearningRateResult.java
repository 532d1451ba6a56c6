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
 * @param skipBegin how many points at the start {@link #suggestion()} leaves out, where the average
 *     is of few losses
 * @param skipEnd how many points at the end it leaves out
 * @since 0.1
 */
public record LearningRateResult(
    List<LearningRatePoint> points, SweepMode mode, boolean diverged, int skipBegin, int skipEnd) {
  /** Copies the list. */
  public LearningRateResult {
    points = List.copyOf(points);
  }

  /**
   * Returns {@link #suggestion(int, int)} with {@link #skipBegin} and {@link #skipEnd}: what {@link
   * LearningRateFinder} sets.
   */
  public OptionalDouble suggestion() {
    return suggestion(skipBegin, skipEnd);
  }

  /**
   * Returns the learning rate at which the smoothed loss falls most steeply from step to step; none
   * if fewer than two points are left or it falls nowhere.
   *
   * @param begin how many points at the start are left out
   * @param end how many points at the end are left out
   */
  public OptionalDouble suggestion(int begin, int end) {
    int steepest = steepest(begin, end);
    return steepest < 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(points.get(steepest).learningRate());
  }

  /** Returns the index of the point that is suggested; -1 if there is none. */
  int steepest(int begin, int end) {
    int first = Math.max(0, begin);
    int last = points.size() - Math.max(0, end) - 1;
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
