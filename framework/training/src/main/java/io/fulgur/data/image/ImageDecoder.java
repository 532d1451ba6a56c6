package io.fulgur.data.image;

import io.fulgur.data.HostArray;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.FileImageInputStream;
import javax.imageio.stream.ImageInputStream;
import org.jspecify.annotations.Nullable;

/** Decodes image files. */
final class ImageDecoder {
  // ITU-R BT.601 in 16 bits, as Pillow.
  private static final int RED = 19595;
  private static final int GREEN = 38470;
  private static final int BLUE = 7471;
  private static final int HALF = 1 << 15;

  private ImageDecoder() {}

  /** Returns U8 of shape {@code [3, height, width]}, or with one channel of grey. */
  static HostArray decode(Path file, boolean grey) {
    // A stream of the file itself: the default one copies everything to a temporary file.
    try (ImageInputStream in = new FileImageInputStream(file.toFile())) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
      if (!readers.hasNext()) {
        throw invalid(file, "its content is of no format that ImageIO knows", null);
      }
      ImageReader reader = readers.next();
      try {
        return array(read(file, reader, in), grey);
      } finally {
        reader.dispose();
      }
    } catch (FulgurException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // Decoders find damage in many ways.
      throw invalid(file, String.valueOf(e.getMessage()), e);
    }
  }

  private static BufferedImage read(Path file, ImageReader reader, ImageInputStream in)
      throws IOException {
    List<String> warnings = new ArrayList<>();
    reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
    reader.setInput(in, /* seekForwardOnly= */ true, /* ignoreMetadata= */ true);
    BufferedImage image = reader.read(0);
    for (String warning : warnings) {
      // JPEG's decoder fills what is missing with grey; its other warnings are of little account.
      if (warning.toLowerCase(Locale.ROOT).contains("premature end")) {
        throw invalid(file, "it was cut off (" + warning + ")", null);
      }
    }
    return image;
  }

  private static FulgurException invalid(Path file, String problem, @Nullable Exception cause) {
    String message =
        "%s is no image that can be read: %s. Replace it, or remove it from the folder."
            .formatted(file, problem);
    return cause == null
        ? new FulgurException(ErrorId.INVALID_DATA_FILE, message)
        : new FulgurException(ErrorId.INVALID_DATA_FILE, message, cause);
  }

  private static HostArray array(BufferedImage image, boolean grey) {
    int height = image.getHeight();
    int width = image.getWidth();
    byte[] out = new byte[(grey ? 1 : 3) * height * width];
    if (image.getColorModel().getColorSpace().getType() == ColorSpace.TYPE_GRAY) {
      copyGrey(image.getRaster(), out);
    } else {
      copyColour(image.getRGB(0, 0, width, height, null, 0, width), out, grey);
    }
    return HostArray.of(out, grey ? 1 : 3, height, width);
  }

  /** Copies the stored values: converting them to RGB would apply a gamma curve to them. */
  private static void copyGrey(Raster raster, byte[] out) {
    int[] samples = raster.getSamples(0, 0, raster.getWidth(), raster.getHeight(), 0, (int[]) null);
    int bits = raster.getSampleModel().getSampleSize(0);
    for (int at = 0; at < out.length; at += samples.length) {
      for (int i = 0; i < samples.length; i++) {
        out[at + i] =
            (byte) (bits >= 8 ? samples[i] >> (bits - 8) : samples[i] * 255 / ((1 << bits) - 1));
      }
    }
  }

  private static void copyColour(int[] pixels, byte[] out, boolean grey) {
    int plane = pixels.length;
    for (int i = 0; i < plane; i++) {
      int red = pixels[i] >> 16 & 0xFF;
      int green = pixels[i] >> 8 & 0xFF;
      int blue = pixels[i] & 0xFF;
      if (grey) {
        out[i] = (byte) ((red * RED + green * GREEN + blue * BLUE + HALF) >> 16);
      } else {
        out[i] = (byte) red;
        out[i + plane] = (byte) green;
        out[i + 2 * plane] = (byte) blue;
      }
    }
  }
}
