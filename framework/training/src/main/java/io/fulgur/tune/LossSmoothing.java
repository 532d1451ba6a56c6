package io.fulgur.tune;

/**
 * The exponential moving average {@code m_t = β m_{t-1} + (1 - β) l_t} of losses, of which {@code
 * m_t / (1 - β^t)} is returned, as in Adam: so the first value is the first loss.
 *
 * <p>Lightning divides by {@code 1 - β^(t+1)}, which makes the first values too small, the very
 * first by half.
 */
final class LossSmoothing {
  private static final double BETA = 0.98;

  private double average;
  private double weight = 1;

  double add(double loss) {
    average = BETA * average + (1 - BETA) * loss;
    weight *= BETA;
    return average / (1 - weight);
  }
}
