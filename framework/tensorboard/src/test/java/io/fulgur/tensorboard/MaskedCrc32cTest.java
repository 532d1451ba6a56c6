package io.fulgur.tensorboard;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MaskedCrc32cTest {
  /** The check value of CRC-32C is {@code e3069283}; the mask was put on it by hand. */
  @Test
  void of_checkString_isMaskedCheckValue() {
    byte[] bytes = "123456789".getBytes(US_ASCII);

    assertThat(MaskedCrc32c.of(bytes, 0, bytes.length)).isEqualTo(0xc78ab0e5);
  }

  @Test
  void of_range_leavesTheRestOut() {
    byte[] bytes = "x123456789y".getBytes(US_ASCII);

    assertThat(MaskedCrc32c.of(bytes, 1, 9)).isEqualTo(0xc78ab0e5);
  }
}
