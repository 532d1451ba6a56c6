package io.fulgur.tensorboard;

import java.util.zip.CRC32C;

/** The checksum of TFRecord files: CRC-32C, rotated and shifted by a constant. */
final class MaskedCrc32c {
  private static final int MASK_DELTA = 0xA282EAD8;

  private MaskedCrc32c() {}

  /*
   * A CRC over data that itself holds a CRC is weak, and records do get stored in records. The mask
   * makes the stored checksum differ from the plain one [1].
   *
   * [1] tensorflow/tsl/lib/hash/crc32c.h
   */
  static int of(byte[] bytes, int offset, int length) {
    CRC32C crc32c = new CRC32C();
    crc32c.update(bytes, offset, length);
    int crc = (int) crc32c.getValue();
    return Integer.rotateRight(crc, 15) + MASK_DELTA;
  }
}
