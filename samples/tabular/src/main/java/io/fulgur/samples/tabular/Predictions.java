package io.fulgur.samples.tabular;

import io.fulgur.data.Dataset;
import io.fulgur.data.HostArray;
import io.fulgur.metric.ClassificationReport;
import io.fulgur.module.StepOutput;
import java.util.List;

/** What a classifier takes tumours for, beside what they are. */
final class Predictions {
  private final long[] predicted;
  private final float[] probability;
  private final long[] actual;

  private Predictions(int size) {
    predicted = new long[size];
    probability = new float[size];
    actual = new long[size];
  }

  /** Puts the outputs for batches of these tumours together. */
  static Predictions of(List<StepOutput> outputs, Dataset tumours) {
    Predictions all = new Predictions((int) tumours.size());
    int done = 0;
    for (StepOutput output : outputs) {
      long[] labels = output.get("label").toLongArray();
      float[] probabilities = output.get("probability").toFloatArray();
      System.arraycopy(labels, 0, all.predicted, done, labels.length);
      System.arraycopy(probabilities, 0, all.probability, done, labels.length);
      done += labels.length;
    }
    for (int i = 0; i < done; i++) {
      all.actual[i] = tumours.get(i).get("label").longs()[0];
    }
    return all;
  }

  int size() {
    return actual.length;
  }

  String predicted(int tumour) {
    return TumourData.CLASSES.get((int) predicted[tumour]);
  }

  /** Returns how sure the classifier is, in percent. */
  double percent(int tumour) {
    return 100 * probability[tumour];
  }

  String actual(int tumour) {
    return TumourData.CLASSES.get((int) actual[tumour]);
  }

  /** Returns how many tumours of one class were taken for the other. */
  int mistaken(int actualClass) {
    int count = 0;
    for (int i = 0; i < actual.length; i++) {
      count += actual[i] == actualClass && predicted[i] != actualClass ? 1 : 0;
    }
    return count;
  }

  void addTo(ClassificationReport report) {
    report.update(HostArray.of(predicted), HostArray.of(actual));
  }
}
