/// How the people of a simulated day behave: probabilities from 0 to 1, and times of the simulated clock.
package struct Behaviour: Hashable, Sendable {
    /// That an operator comes late to a stint.
    package var late = 0.1
    package var lateness = Duration.seconds(300)
    /// That an operator is away from the desk once in an hour.
    package var away = 0.25
    package var absence = Duration.seconds(300)
    /// That an operator's connection is lost once in an hour.
    package var lost = 0.1
    package var outage = Duration.seconds(600)
    /// That an operator declines what is offered.
    package var decline = 0.04
    /// That an operator does not see what is offered.
    package var miss = 0.02
    /// How long an operator takes to accept or decline.
    package var reactionSeconds = 2.0...12.0
    /// That a chat is handed on to email instead of being answered.
    package var transfer = 0.04
    /// That an operator notes a step taken.
    package var note = 0.35
    /// That an operator writes a session up after the patron has left.
    package var wrapUp = 0.6
    package var wrapUpSeconds = 15.0...60.0
    /// How often an operator who is answering does something.
    package var activityEvery = Duration.seconds(120)
    /// How long patrons wait for an operator before they give up.
    package var patience = Duration.seconds(240)
    /// That a patron who gives up leaves the question by email.
    package var takesEmail = 0.3

    package init() {}
}
