package io.fulgur.conformance;

import io.fulgur.error.FulgurException;
import io.fulgur.tensor.DType;
import io.fulgur.tensor.ShapeException;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.functional.LinearAlgebra;
import java.util.function.UnaryOperator;

/** Products, solutions and decompositions of matrices. */
final class LinearAlgebraFamily extends Family {
  LinearAlgebraFamily() {
    super("linear_algebra");
    products();
    square("inverse", LinearAlgebra::inverse);
    square("determinant", LinearAlgebra::determinant);
    square("cholesky", LinearAlgebra::cholesky);
    operator("matrixPower", in -> LinearAlgebra.matrixPower(in.tensor(0), in.integer(0)));
    operators(
        "signedLogDeterminant",
        in -> {
          LinearAlgebra.SignedLogDeterminant found =
              LinearAlgebra.signedLogDeterminant(in.tensor(0));
          return new Tensor[] {found.sign(), found.logarithm()};
        });
    operator("solve", in -> LinearAlgebra.solve(in.tensor(0), in.tensor(1)));
    operator("pseudoInverse", in -> LinearAlgebra.pseudoInverse(in.tensor(0)));
    operator("leastSquares", in -> LinearAlgebra.leastSquares(in.tensor(0), in.tensor(1)));
    decompositions();
    rejectOthers();
    rejectMatrices();
  }

  private void products() {
    operator("dot", in -> LinearAlgebra.dot(in.tensor(0), in.tensor(1)));
    operator("outer", in -> LinearAlgebra.outer(in.tensor(0), in.tensor(1)));
    operator("bmm", in -> LinearAlgebra.bmm(in.tensor(0), in.tensor(1)));
    operator(
        "baddbmm",
        in ->
            LinearAlgebra.baddbmm(
                in.tensor(0), in.tensor(1), in.tensor(2), in.number(0), in.number(1)));
    operator("kron", in -> LinearAlgebra.kron(in.tensor(0), in.tensor(1)));
    operator("trace", in -> LinearAlgebra.trace(in.tensor(0)));
    exempt(Requirement.REJECTION, "takes every pair of shapes", "kron");
  }

  private void decompositions() {
    operators(
        "eigh",
        in -> {
          Tensor x = in.tensor(0);
          LinearAlgebra.Eigen found = LinearAlgebra.eigh(x.add(x.transpose(-2, -1)));
          return new Tensor[] {found.values(), found.vectors().square()};
        });
    operators(
        "svd",
        in -> {
          LinearAlgebra.Svd found = LinearAlgebra.svd(in.tensor(0));
          return new Tensor[] {found.u().square(), found.s(), found.vt().square()};
        });
    operators(
        "qr",
        in -> {
          LinearAlgebra.Qr found = LinearAlgebra.qr(in.tensor(0));
          return new Tensor[] {found.q(), found.r()};
        });
  }

  private void square(String name, UnaryOperator<Tensor> function) {
    operator(name, in -> function.apply(in.tensor(0)));
    rejects(
        name,
        "a matrix that is not square",
        () -> function.apply(Tensor.ones(2, 3)),
        ShapeException.class,
        "[2, 3]",
        "square matrices");
  }

  private void rejectOthers() {
    Tensor matrix = Tensor.ones(2, 3);
    Tensor vector = Tensor.ones(3);
    rejects(
        "dot", "matrices", () -> LinearAlgebra.dot(matrix, matrix), ShapeException.class, "dot");
    rejects(
        "outer",
        "a matrix",
        () -> LinearAlgebra.outer(matrix, vector),
        ShapeException.class,
        "outer of [2, 3] and [3]");
    rejects(
        "bmm",
        "matrices",
        () -> LinearAlgebra.bmm(matrix, matrix),
        ShapeException.class,
        "bmm of [2, 3] and [2, 3]",
        "batch");
    rejects(
        "baddbmm",
        "matrices",
        () -> LinearAlgebra.baddbmm(matrix, matrix, matrix, 1, 1),
        ShapeException.class,
        "[2, 3]");
    rejects("trace", "a vector", () -> LinearAlgebra.trace(vector), ShapeException.class, "[3]");
    rejects(
        "matrixPower",
        "a matrix that is not square",
        () -> LinearAlgebra.matrixPower(matrix, 2),
        ShapeException.class,
        "matrixPower of [2, 3]");
    rejects(
        "signedLogDeterminant",
        "a matrix that is not square",
        () -> LinearAlgebra.signedLogDeterminant(matrix),
        ShapeException.class,
        "signedLogDeterminant of [2, 3]");
    rejects(
        "solve",
        "a right side of another size",
        () -> LinearAlgebra.solve(Tensor.ones(2, 2), Tensor.ones(3, 1)),
        ShapeException.class,
        "solve of [2, 2] and [3, 1]");
    rejects(
        "pseudoInverse",
        "a vector",
        () -> LinearAlgebra.pseudoInverse(vector),
        ShapeException.class,
        "pseudoInverse of [3]");
    rejects(
        "leastSquares",
        "a vector",
        () -> LinearAlgebra.leastSquares(vector, vector),
        ShapeException.class,
        "[3]");
    rejects("eigh", "a vector", () -> LinearAlgebra.eigh(vector), ShapeException.class, "[3]");
    rejects("svd", "a vector", () -> LinearAlgebra.svd(vector), ShapeException.class, "[3]");
    rejects("qr", "a vector", () -> LinearAlgebra.qr(vector), ShapeException.class, "[3]");
  }

  private void rejectMatrices() {
    rejects(
        "inverse",
        "a singular matrix",
        () -> LinearAlgebra.inverse(Tensor.ones(2, 2)),
        FulgurException.class,
        "matrix 0 of the batch is singular");
    rejects(
        "cholesky",
        "a matrix that is not positive definite",
        () -> LinearAlgebra.cholesky(Tensor.ones(2, 2).neg()),
        FulgurException.class,
        "matrix 0 of the batch is not positive definite");
    rejects(
        "svd",
        "NaN",
        () -> LinearAlgebra.svd(Tensor.full(Double.NaN, DType.F32, 2, 2)),
        FulgurException.class,
        "NaN");
  }
}
