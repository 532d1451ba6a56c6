package io.fulgur.nn;

import io.fulgur.tensor.Parameter;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Parameters by index, named {@code 0}, {@code 1}, ..., with no forward of its own; as {@code
 * torch.nn.ParameterList}.
 *
 * <p>A plain {@link List} of parameters in a field is found just as well; this one can also be
 * passed around as a module.
 *
 * @since 0.1
 */
public final class ParameterList extends Module implements Iterable<Parameter> {
  @Inlined private final List<Parameter> parameters;

  /** Makes a list of these parameters. */
  public ParameterList(Parameter... parameters) {
    this(List.of(parameters));
  }

  /** Makes a list of these parameters. */
  public ParameterList(List<Parameter> parameters) {
    this.parameters = new ArrayList<>(parameters);
  }

  /** Returns the parameter at an index. */
  public Parameter get(int index) {
    return parameters.get(index);
  }

  /** Returns the number of parameters. */
  public int size() {
    return parameters.size();
  }

  /** Adds a parameter at the end. */
  public void add(Parameter parameter) {
    parameters.add(parameter);
  }

  @Override
  public Iterator<Parameter> iterator() {
    return List.copyOf(parameters).iterator();
  }
}
