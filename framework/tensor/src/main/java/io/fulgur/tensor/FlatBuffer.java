package io.fulgur.tensor;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.util.ArrayList;
import java.util.List;

/**
 * Parameters of one type laid end to end, and their gradients likewise, so that an optimizer step,
 * clipping or saving is one kernel however many parameters there are.
 *
 * <p>Making one moves the parameters' memory into it; their handles stay valid. Each parameter
 * starts at a multiple of 64 bytes; the gaps are zeros in values and gradients alike.
 *
 * @since 0.1
 */
public final class FlatBuffer {
  private static final int ALIGNMENT_BYTES = 64;

  private final List<Parameter> parameters;
  private final long[] offsets;
  private final Tensor values;
  private final Tensor gradients;

  private FlatBuffer(List<Parameter> parameters) {
    this.parameters = List.copyOf(parameters);
    this.offsets = new long[parameters.size() + 1];
    DType dtype = parameters.get(0).dtype();
    int alignment = ALIGNMENT_BYTES / dtype.sizeBytes();
    for (int i = 0; i < parameters.size(); i++) {
      long end = offsets[i] + parameters.get(i).elements();
      offsets[i + 1] = (end + alignment - 1) / alignment * alignment;
    }
    Shape all = Shape.of(offsets[parameters.size()]);
    this.values = zeros(dtype, all);
    this.gradients = zeros(dtype, all);
    for (int i = 0; i < parameters.size(); i++) {
      Parameter parameter = parameters.get(i);
      View place = View.contiguous(values.storage(), offsets[i], parameter.shape());
      HostCopy.copy(parameter.contiguousView(), place);
      parameter.join(
          this, place, View.contiguous(gradients.storage(), offsets[i], parameter.shape()));
    }
  }

  private Tensor zeros(DType dtype, Shape shape) {
    Storage storage = parameters.get(0).engine().allocate(dtype, shape.elements());
    Tensor tensor = new Tensor(storage.contiguousView(shape), "FlatBuffer");
    tensor.fill(0);
    return tensor;
  }

  /**
   * Lays parameters end to end, one buffer for each type, in the order given.
   *
   * <p>Parameters that belonged to another buffer leave it; see {@link #owns()}.
   */
  public static List<FlatBuffer> of(List<Parameter> parameters) {
    List<FlatBuffer> buffers = new ArrayList<>();
    for (DType dtype : DType.values()) {
      List<Parameter> ofType = parameters.stream().filter(p -> p.dtype() == dtype).toList();
      if (!ofType.isEmpty()) {
        buffers.add(new FlatBuffer(ofType));
      }
    }
    return buffers;
  }

  /** Returns the parameters in order. */
  public List<Parameter> parameters() {
    return parameters;
  }

  /** Returns where a parameter starts, in elements. */
  public long offset(int index) {
    return offsets[index];
  }

  /** Returns the number of elements, gaps included. */
  public long elements() {
    return offsets[parameters.size()];
  }

  /** Returns the element type. */
  public DType dtype() {
    return values.dtype();
  }

  /** Returns all values as one vector on the same memory. */
  public Tensor values() {
    return values;
  }

  /** Returns all gradients as one vector; only those of parameters that have one are meaningful. */
  public Tensor gradients() {
    return gradients;
  }

  /** Returns a vector of zeros of this buffer's layout, for an optimizer's state. */
  public Tensor newState() {
    return zeros(dtype(), values.shape());
  }

  /** Returns zeros of this buffer's type, as long-lived, for state of another shape. */
  public Tensor newState(Shape shape) {
    return zeros(dtype(), shape);
  }

  /** Returns a parameter's part of a vector of this buffer's layout. */
  public Tensor part(Tensor vector, int index) {
    return new Tensor(
        View.contiguous(vector.storage(), offsets[index], parameters.get(index).shape()),
        "FlatBuffer");
  }

  /** Forgets all gradients without touching memory. */
  public void zeroGrad() {
    for (int i = 0; i < parameters.size(); i++) {
      parameters.get(i).zeroGrad();
    }
  }

  /**
   * Checks that the parameters are still here.
   *
   * @throws FulgurException if another buffer has taken one over, as a newer optimizer's does
   */
  public void owns() {
    for (int i = 0; i < parameters.size(); i++) {
      if (parameters.get(i).flatBuffer() != this) {
        throw new FulgurException(
            ErrorId.PARAMETER_TAKEN_OVER,
            "Parameter "
                + i
                + " of shape "
                + parameters.get(i).shape()
                + " has left its optimizer: a later optimizer was made for it, or its type was"
                + " changed. Give each parameter to one optimizer, made after the module has its"
                + " final type");
      }
    }
  }
}
