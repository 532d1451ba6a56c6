package io.fulgur.log;

import java.util.Arrays;

/** What is sent to loggers next; reused. */
final class OutgoingMetrics implements Metrics {
  private static final String STEP = "step";
  private static final String EPOCH = "epoch";

  private String[] names = new String[16];
  private double[] values = new double[16];
  private int size;
  private long step;

  /** Starts a new lot. */
  void start(long defaultStep) {
    size = 0;
    step = defaultStep;
  }

  /** Adds a value; one called {@code step} says where on the x axis all of them belong. */
  void add(String name, double value) {
    if (name.equals(STEP)) {
      step = (long) value;
      return;
    }
    if (size == names.length) {
      names = Arrays.copyOf(names, 2 * size);
      values = Arrays.copyOf(values, 2 * size);
    }
    names[size] = name;
    values[size++] = value;
  }

  /** Adds the epoch unless a metric of that name is there. */
  void addEpoch(int epoch) {
    for (int i = 0; i < size; i++) {
      if (names[i].equals(EPOCH)) {
        return;
      }
    }
    add(EPOCH, epoch);
  }

  long step() {
    return step;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public String name(int index) {
    return names[index];
  }

  @Override
  public double value(int index) {
    return values[index];
  }
}
