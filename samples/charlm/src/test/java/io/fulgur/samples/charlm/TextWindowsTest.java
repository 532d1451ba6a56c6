package io.fulgur.samples.charlm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TextWindowsTest {
  private static final long[] TEXT = {10, 11, 12, 13, 14, 15, 16};

  @Test
  void get_aPiece_comesWithWhatFollowsEachCharacter() {
    TextWindows windows = new TextWindows(TEXT, 3, 1);

    assertThat(windows.size()).isEqualTo(4);
    assertThat(windows.get(3).get("input").longs()).containsExactly(13, 14, 15);
    assertThat(windows.get(3).get("next").longs()).containsExactly(14, 15, 16);
  }

  @Test
  void get_withAStride_coversTheTextWithoutOverlap() {
    TextWindows windows = new TextWindows(TEXT, 3, 3);

    assertThat(windows.size()).isEqualTo(2);
    assertThat(windows.get(0).get("input").longs()).containsExactly(10, 11, 12);
    assertThat(windows.get(1).get("input").longs()).containsExactly(13, 14, 15);
  }

  @Test
  void new_aTextWithoutRoomForAPiece_isRefused() {
    assertThatThrownBy(() -> new TextWindows(TEXT, 7, 1))
        .hasMessage("The text has 7 characters, but a piece of 7 and its next one need more.");
  }
}
