package io.fulgur.tune;

import io.fulgur.checkpoint.AtomicFiles;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.awt.Color;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Draws the losses over the learning rates with XChart. */
final class LearningRatePlot {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 560;
  private static final Color MEASURED = new Color(0x9E, 0xB8, 0xD9);
  private static final Color SMOOTHED = new Color(0x1F, 0x4E, 0x8C);
  private static final Color SUGGESTED = new Color(0xC6, 0x28, 0x28);

  private LearningRatePlot() {}

  static void write(LearningRateResult result, Path file) {
    if (result.points().isEmpty()) {
      throw new FulgurException(
          ErrorId.TUNING_FAILED,
          "There is nothing to plot: the first loss was not finite. Start from a smaller minLr, or"
              + " look at the data.");
    }
    byte[] png;
    try {
      png = draw(result);
    } catch (NoClassDefFoundError e) {
      throw new FulgurException(
          ErrorId.MISSING_LIBRARY,
          "A plot needs XChart, which is not on the class path. Add the dependency"
              + " org.knowm.xchart:xchart; points() has the numbers without it.",
          e);
    }
    AtomicFiles.write(file, png.length, channel -> channel.write(ByteBuffer.wrap(png)));
  }

  private static byte[] draw(LearningRateResult result) {
    List<LearningRatePoint> points = result.points();
    double[] rates = points.stream().mapToDouble(LearningRatePoint::learningRate).toArray();
    double[] losses = points.stream().mapToDouble(LearningRatePoint::loss).toArray();
    double[] smoothed = points.stream().mapToDouble(LearningRatePoint::smoothedLoss).toArray();
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title("Loss at growing learning rates")
            .xAxisTitle("learning rate")
            .yAxisTitle("loss")
            .build();
    chart.getStyler().setXAxisLogarithmic(result.mode() == SweepMode.EXPONENTIAL);
    chart.getStyler().setLegendPosition(Styler.LegendPosition.InsideNW);
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setLocale(Locale.ROOT);
    chart.getStyler().setYAxisMax(highest(smoothed));
    line(chart, "measured", rates, losses, MEASURED);
    line(chart, "smoothed", rates, smoothed, SMOOTHED);
    int index = result.steepest(result.skipBegin(), result.skipEnd());
    if (index >= 0) {
      String name = String.format(Locale.ROOT, "suggested: %.3g", rates[index]);
      XYSeries mark =
          chart.addSeries(name, new double[] {rates[index]}, new double[] {smoothed[index]});
      mark.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
      mark.setMarker(SeriesMarkers.CIRCLE).setMarkerColor(SUGGESTED);
    }
    try {
      return ChartEncoder.getBytes(chart, "PNG");
    } catch (IOException e) {
      throw new UncheckedIOException("A picture in memory could not be encoded", e);
    }
  }

  /** Returns where the picture ends: the loss explodes at the end and would flatten all before. */
  private static double highest(double[] smoothed) {
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    double mostBeforeLeast = most;
    for (double loss : smoothed) {
      most = Math.max(most, loss);
      if (loss < least) {
        least = loss;
        mostBeforeLeast = most;
      }
    }
    return mostBeforeLeast > least ? 2 * mostBeforeLeast - least : most;
  }

  private static void line(XYChart chart, String name, double[] x, double[] y, Color color) {
    chart.addSeries(name, x, y).setMarker(SeriesMarkers.NONE).setLineColor(color);
  }
}
