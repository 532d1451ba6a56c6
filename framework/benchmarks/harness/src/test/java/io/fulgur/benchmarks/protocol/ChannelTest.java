package io.fulgur.benchmarks.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ChannelTest {
  private final List<String> strayLines = new ArrayList<>();

  static List<Object> messages() {
    return List.of(
        new Command.WarmUp(3),
        new Command.Run(2, 10),
        new Command.MeasureLoss(64),
        new Reply.Description(Map.of("threads", "2"), null),
        new Reply.Burst(10, 1.5, 2.25, 1, 1024),
        new Reply.Loss(2.3),
        new Reply.Unsupported(),
        new Reply.Failed("java.lang.Error: \"quoted\"\nand a second line"));
  }

  @ParameterizedTest
  @MethodSource("messages")
  void receive_whatWasSent_isEqual(Object message) {
    StringWriter sent = new StringWriter();
    channel("", sent).send(message);

    Class<?> type = message instanceof Command ? Command.class : Reply.class;
    assertThat((Object) channel(sent.toString(), new StringWriter()).receive(type))
        .isEqualTo(message);
  }

  @Test
  void receive_otherLinesBetween_handsThemOver() {
    StringWriter sent = new StringWriter();
    channel("", sent).send(new Reply.Unsupported());
    Channel channel = channel("CPU: x86\nunfinished" + sent, new StringWriter());

    assertThat(channel.receive(Reply.class)).isEqualTo(new Reply.Unsupported());
    assertThat(strayLines).containsExactly("CPU: x86", "unfinished");
  }

  @Test
  void receive_atTheEnd_isNull() {
    assertThat(channel("", new StringWriter()).receive(Reply.class)).isNull();
  }

  @Test
  void receive_aMessageOfAnotherProtocol_saysWhich() {
    Channel channel = channel("@benchmark {\"reply\":\"dance\"}\n", new StringWriter());

    assertThatThrownBy(() -> channel.receive(Reply.class))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Not a Reply of this protocol: {\"reply\":\"dance\"}");
  }

  private Channel channel(String in, StringWriter out) {
    return new Channel(new BufferedReader(new StringReader(in)), out, strayLines::add);
  }
}
