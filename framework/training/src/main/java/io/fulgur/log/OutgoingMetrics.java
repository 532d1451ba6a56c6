package io.fulgur.log;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What is sent to loggers; reused. */
final class OutgoingMetrics implements Metrics {
  /** The name of the epoch, which belongs to every lot. */
  static final String EPOCH = "epoch";

  private static final String STEP = "step";

  private String[] names = new String[16];
  private double[] values = new double[16];

  /** For each place of a name the lot that it was in last, and its index there in the low half. */
  private long[] indices = new long[16];

  private long lot;
  private int size;
  private long step;

  /** Values of the trainer's own, which join the next lot. */
  private final List<Note> notes = new ArrayList<>();

  private record Note(String name, double value) {}

  /** Starts a new lot. */
  void start(long defaultStep) {
    size = 0;
    lot++;
    step = defaultStep;
  }

  /**
   * Adds a value; the last one of a name counts, and one called {@code step} says where on the x
   * axis all of them belong.
   *
   * @param place a small number, the same for equal names
   */
  void add(int place, String name, double value) {
    if (name.equals(STEP)) {
      step = (long) value;
      return;
    }
    if (place >= indices.length) {
      indices = Arrays.copyOf(indices, 2 * place);
    }
    long known = indices[place];
    if (known >>> Integer.SIZE == lot) {
      values[(int) known] = value;
      return;
    }
    indices[place] = lot << Integer.SIZE | size;
    append(name, value);
  }

  private void append(String name, double value) {
    if (size == names.length) {
      names = Arrays.copyOf(names, 2 * size);
      values = Arrays.copyOf(values, 2 * size);
    }
    names[size] = name;
    values[size++] = value;
  }

  /** Keeps a value for the next lot. */
  void note(String name, double value) {
    notes.add(new Note(name, value));
  }

  /** Adds what was noted, except where a metric has the name. */
  void addNotes() {
    for (int i = 0; i < notes.size(); i++) {
      addUnlessThere(notes.get(i).name(), notes.get(i).value());
    }
    notes.clear();
  }

  /** Adds the epoch unless a metric of that name is there. */
  void addEpoch(int epoch) {
    addUnlessThere(EPOCH, epoch);
  }

  private void addUnlessThere(String name, double value) {
    for (int i = 0; i < size; i++) {
      if (names[i].equals(name)) {
        return;
      }
    }
    append(name, value);
  }

  /** Makes this hold what another holds. */
  void copyFrom(OutgoingMetrics other) {
    if (other.size > names.length) {
      names = new String[other.names.length];
      values = new double[other.names.length];
    }
    System.arraycopy(other.names, 0, names, 0, other.size);
    System.arraycopy(other.values, 0, values, 0, other.size);
    size = other.size;
    step = other.step;
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
