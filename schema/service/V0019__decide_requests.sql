-- How requests are decided: claims after a time in which everybody can ask, swaps with the colleague's word.

-- How long others can ask for the same after the first has; 0 lets the first have it.
ALTER TABLE consortium
    ADD COLUMN claim_hours integer NOT NULL DEFAULT 24 CHECK (claim_hours BETWEEN 0 AND 336);

ALTER TABLE shift_claim
    -- Until when others can ask for the same.
    ADD COLUMN open_until timestamptz,
    -- Whether a coordinator would not wait for that.
    ADD COLUMN is_early boolean NOT NULL DEFAULT false;
UPDATE shift_claim SET open_until = made_at;
ALTER TABLE shift_claim
    ALTER COLUMN open_until SET NOT NULL,
    ADD CONSTRAINT claim_is_granted_after_its_period CHECK (
        state <> 'granted' OR is_early OR decided_at >= open_until);

ALTER TABLE swap_request
    -- The word of whoever has the wanted shift; without it a coordinator decides for them.
    ADD COLUMN colleague_agreed_at timestamptz,
    ADD COLUMN colleague_agreed_by text,
    ADD CONSTRAINT colleague_word_is_whole CHECK (
        (colleague_agreed_at IS NULL) = (colleague_agreed_by IS NULL)
        AND (colleague_agreed_at IS NULL OR with_plan_number IS NOT NULL));
