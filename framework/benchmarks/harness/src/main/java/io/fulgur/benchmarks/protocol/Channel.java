package io.fulgur.benchmarks.protocol;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One end of a line-wise conversation.
 *
 * <p>Native libraries print to standard output as they please, so a message is a line with a mark
 * in front; lines without it are handed to {@code strayLines}.
 */
public final class Channel {
  private static final String MARK = "@benchmark ";
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES).build();

  private final BufferedReader in;
  private final Writer out;
  private final Consumer<String> strayLines;

  public Channel(BufferedReader in, Writer out, Consumer<String> strayLines) {
    this.in = in;
    this.out = out;
    this.strayLines = strayLines;
  }

  /** Sends a {@link Command} or a {@link Reply}. */
  public void send(Object message) {
    try {
      out.write(MARK + JSON.writeValueAsString(message) + "\n");
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("The other end is gone, so it did not get " + message, e);
    }
  }

  /** Waits for the next message; null at the end of the conversation. */
  public <T> @Nullable T receive(Class<T> type) {
    try {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        // A library may have left a line of its own unfinished before the mark.
        int mark = line.indexOf(MARK);
        if (mark < 0) {
          strayLines.accept(line);
          continue;
        }
        if (mark > 0) {
          strayLines.accept(line.substring(0, mark));
        }
        return parse(line.substring(mark + MARK.length()), type);
      }
      return null;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read from the other end", e);
    }
  }

  private static <T> T parse(String json, Class<T> type) {
    try {
      return JSON.readValue(json, type);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(
          "Not a " + type.getSimpleName() + " of this protocol: " + json, e);
    }
  }
}
