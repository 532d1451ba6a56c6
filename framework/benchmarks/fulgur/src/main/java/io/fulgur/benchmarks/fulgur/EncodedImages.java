package io.fulgur.benchmarks.fulgur;

import io.fulgur.benchmarks.contestant.ClassificationData;
import io.fulgur.benchmarks.contestant.Classifier;
import io.fulgur.data.Dataset;
import io.fulgur.data.Sample;
import io.fulgur.tensor.Generator;
import java.util.concurrent.atomic.LongAdder;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * Grey images, compressed in memory. Reading one is work as image data gives it to workers:
 * inflate, turn by a random angle, shift, and sample anew, smoothly.
 */
final class EncodedImages implements Dataset {
  private static final int SIDE = 28;
  private static final int PIXELS = SIDE * SIDE;
  private static final double MAX_RADIANS = 0.1;
  private static final double MAX_SHIFT = 1;

  /** Each new pixel is the mean of the old image at so many places, squared. */
  private static final int PLACES = 4;

  /** Levels of grey for each unit of a feature. */
  private static final float LEVELS = 16;

  private static final int DARKEST = -8;

  private final byte[][] images;
  private final long[] labels;
  private final LongAdder workNanos = new LongAdder();

  EncodedImages(Classifier model) {
    ClassificationData data = ClassificationData.of(model);
    int size = model.batchSize();
    images = new byte[ClassificationData.FEATURE_BATCHES * size][];
    Deflater deflater = new Deflater();
    for (int batch = 0; batch < ClassificationData.FEATURE_BATCHES; batch++) {
      float[] features = data.features(batch);
      for (int sample = 0; sample < size; sample++) {
        images[batch * size + sample] = encode(features, sample * PIXELS, deflater);
      }
    }
    deflater.end();
    labels = new long[ClassificationData.LABEL_BATCHES * size];
    for (int batch = 0; batch < ClassificationData.LABEL_BATCHES; batch++) {
      System.arraycopy(data.labels(batch), 0, labels, batch * size, size);
    }
  }

  private static byte[] encode(float[] features, int offset, Deflater deflater) {
    byte[] levels = new byte[PIXELS];
    for (int i = 0; i < PIXELS; i++) {
      levels[i] = (byte) Math.max(0, Math.min(255, (features[offset + i] - DARKEST) * LEVELS));
    }
    deflater.reset();
    deflater.setInput(levels);
    deflater.finish();
    byte[] buffer = new byte[2 * PIXELS];
    byte[] encoded = new byte[deflater.deflate(buffer)];
    System.arraycopy(buffer, 0, encoded, 0, encoded.length);
    return encoded;
  }

  @Override
  public long size() {
    return labels.length;
  }

  @Override
  public Sample get(long index) {
    return get(index, new Generator(index + 1));
  }

  @Override
  public Sample get(long index, Generator random) {
    long start = System.nanoTime();
    float[] pixels = turn(decode(images[(int) (index % images.length)]), random);
    Sample sample = Sample.of("features", pixels).with("label", labels[(int) index]);
    workNanos.add(System.nanoTime() - start);
    return sample;
  }

  /** The time that all workers together have spent in reading samples. */
  long workNanos() {
    return workNanos.sum();
  }

  private static float[] decode(byte[] encoded) {
    Inflater inflater = new Inflater();
    byte[] levels = new byte[PIXELS];
    try {
      inflater.setInput(encoded);
      inflater.inflate(levels);
    } catch (DataFormatException e) {
      throw new IllegalStateException("An image that was just encoded cannot be decoded", e);
    } finally {
      inflater.end();
    }
    float[] pixels = new float[PIXELS];
    for (int i = 0; i < PIXELS; i++) {
      pixels[i] = (levels[i] & 0xff) / LEVELS + DARKEST;
    }
    return pixels;
  }

  private static float[] turn(float[] pixels, Generator random) {
    double angle = MAX_RADIANS * (2 * random.nextDouble() - 1);
    double cos = Math.cos(angle);
    double sin = Math.sin(angle);
    double middle = (SIDE - 1) / 2.0;
    double down = MAX_SHIFT * (2 * random.nextDouble() - 1);
    double right = MAX_SHIFT * (2 * random.nextDouble() - 1);
    float[] turned = new float[PIXELS];
    for (int i = 0; i < PIXELS; i++) {
      int imageRow = i / SIDE;
      float sum = 0;
      for (int place = 0; place < PLACES * PLACES; place++) {
        int row = place / PLACES;
        int column = place % PLACES;
        double y = imageRow + (row + 0.5) / PLACES - 0.5 - middle;
        double x = i % SIDE + (column + 0.5) / PLACES - 0.5 - middle;
        sum +=
            interpolate(
                pixels, cos * y - sin * x + middle + down, sin * y + cos * x + middle + right);
      }
      turned[i] = sum / (PLACES * PLACES);
    }
    return turned;
  }

  private static float interpolate(float[] pixels, double row, double column) {
    int top = (int) Math.max(0, Math.min(SIDE - 2, Math.floor(row)));
    int left = (int) Math.max(0, Math.min(SIDE - 2, Math.floor(column)));
    double lower = Math.max(0, Math.min(1, row - top));
    double rightward = Math.max(0, Math.min(1, column - left));
    int i = top * SIDE + left;
    double above = pixels[i] + rightward * (pixels[i + 1] - pixels[i]);
    double below = pixels[i + SIDE] + rightward * (pixels[i + SIDE + 1] - pixels[i + SIDE]);
    return (float) (above + lower * (below - above));
  }
}
