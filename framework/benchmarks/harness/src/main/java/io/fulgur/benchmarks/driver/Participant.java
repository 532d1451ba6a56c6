package io.fulgur.benchmarks.driver;

import io.fulgur.benchmarks.protocol.Reply;
import java.util.Map;

/** A running contestant with its model, as the driver sees it. */
interface Participant extends AutoCloseable {

  /** What the contestant says about itself. */
  Map<String, String> details();

  Reply.Burst warmUp(long millis);

  Reply.Burst run(int leadIn, int steps);

  /** The mean loss over so many training steps. */
  double loss(int steps);

  @Override
  void close();
}
