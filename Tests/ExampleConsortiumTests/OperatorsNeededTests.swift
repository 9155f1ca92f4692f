import ExampleConsortium
import Testing

@Suite("How many operators a queue needs")
struct OperatorsNeededTests {
    /// The first is the textbook's call centre: 200 calls an hour of 3 minutes, 80 % answered in 20 seconds.
    @Test(
        "Erlang's formula says how many answer a share of the questions in time",
        arguments: [
            (10, 20.0 / 180, 0.8, 14), (1, 0.05, 0.8, 3), (0.2, 0.05, 0.8, 1), (100, 0.1, 0.8, 107),
        ] as [(Double, Double, Double, Int)])
    func needs(load: Double, patience: Double, share: Double, operators: Int) {
        #expect(operatorsNeeded(load: load, patience: patience, share: share) == operators)
    }

    @Test("one is there even when hardly anybody asks")
    func needsOne() {
        #expect(operatorsNeeded(load: 0, patience: 0.1, share: 0.8) == 1)
    }
}
