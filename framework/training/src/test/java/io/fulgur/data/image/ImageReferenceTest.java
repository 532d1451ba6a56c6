package io.fulgur.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fulgur.data.HostArray;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.Generator;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against the numbers of {@code src/test/reference/make_images.py}. */
class ImageReferenceTest {
  private static final int HEIGHT = 9;
  private static final int WIDTH = 7;

  private static JsonNode reference;

  @BeforeAll
  static void read() throws IOException {
    try (InputStream in = ImageReferenceTest.class.getResourceAsStream("transforms.json")) {
      reference = new ObjectMapper().readTree(in);
    }
  }

  private static float[] floats(JsonNode values) {
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values.get(i).floatValue();
    }
    return floats;
  }

  private static Pixels image() {
    return new Pixels(3, HEIGHT, WIDTH, floats(reference.get("image")), DType.F32);
  }

  private static void assertNear(float[] actual, JsonNode expected) {
    assertThat(actual).hasSize(expected.size()).isNotEmpty();
    assertThat(actual).containsExactly(floats(expected), within(3e-6f));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4})
  void resize_floats_asPyTorchWithAntialias(int index) {
    JsonNode expected = reference.get("resize").get(index);
    Pixels out =
        Resize.resized(
            image(), expected.get("height").intValue(), expected.get("width").intValue());

    assertNear(out.values(), expected.get("values"));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void resize_bytes_asPillowButForOneStepOfItsFixedPoint(int index) {
    JsonNode pixels = reference.get("pixels");
    byte[] bytes = new byte[pixels.size()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) pixels.get(i).intValue();
    }
    JsonNode expected = reference.get("pillow").get(index);
    HostArray out =
        new Resize(expected.get("height").intValue(), expected.get("width").intValue())
            .apply(HostArray.of(bytes, 1, 11, 8), new Generator(0));

    assertThat(out.dtype()).isEqualTo(DType.U8);
    for (int i = 0; i < out.elements(); i++) {
      assertThat(out.get(i)).isCloseTo(expected.get("values").get(i).intValue(), within(1.0));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4})
  void affine_turnShiftScaleShear_asTorchvision(int index) {
    JsonNode expected = reference.get("affine").get(index);
    double[] p = new double[5];
    for (int i = 0; i < p.length; i++) {
      p[i] = expected.get("parameters").get(i).doubleValue();
    }

    assertNear(
        Affine.affine(image(), Affine.inverse(p[0], p[1], p[2], p[3], p[4])).values(),
        expected.get("values"));
  }

  @ParameterizedTest
  @CsvSource({
    "brightness, 0",
    "brightness, 1",
    "contrast, 0",
    "contrast, 1",
    "saturation, 0",
    "saturation, 1",
    "saturation, 2",
    "hue, 0",
    "hue, 1",
    "hue, 2",
    "hue, 3"
  })
  void colours_eachFactor_asTheFormulas(String kind, int index) {
    JsonNode expected = reference.get(kind).get(index);
    float factor = expected.get("factor").floatValue();
    Pixels pixels = image();
    switch (kind) {
      case "brightness" -> ColorJitter.brighten(pixels, factor);
      case "contrast" -> ColorJitter.contrast(pixels, factor);
      case "saturation" -> ColorJitter.saturate(pixels, factor);
      default -> ColorJitter.turnHue(pixels, factor);
    }

    assertNear(pixels.values(), expected.get("values"));
  }
}
