"""The step of `labelfree bench step` in Hugging Face transformers on PyTorch: one for each line read, timed as JSON.

Usage: grpo_step.py HIDDEN_SIZE LAYERS THREADS   (needs torch and transformers)
"""
import json
import sys
import time

import torch
from transformers import Qwen2Config, Qwen2ForCausalLM

hidden_size, layers, threads = map(int, sys.argv[1:4])
PROMPTS, ROLLOUTS, PROMPT_TOKENS, NEW_TOKENS, VOCABULARY, TEMPERATURE = 16, 8, 12, 40, 64, 0.6

torch.set_num_threads(threads)
torch.manual_seed(0)
model = Qwen2ForCausalLM(
    Qwen2Config(
        vocab_size=VOCABULARY,
        hidden_size=hidden_size,
        intermediate_size=4 * hidden_size,
        num_hidden_layers=layers,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=128,
        tie_word_embeddings=True,
        bos_token_id=0,
        eos_token_id=1,
        pad_token_id=2,
    )
)
optimizer = torch.optim.AdamW(model.parameters(), lr=3e-4, weight_decay=0.01)


def sample(prompts):
    model.eval()
    with torch.no_grad():
        return model.generate(
            prompts,
            attention_mask=torch.ones_like(prompts),
            do_sample=True,
            temperature=TEMPERATURE,
            top_k=0,
            min_new_tokens=NEW_TOKENS,
            max_new_tokens=NEW_TOKENS,
        )


def update(sequences):
    model.train()
    logits = model(sequences[:, :-1]).logits[:, PROMPT_TOKENS - 1 :] / TEMPERATURE
    logp = torch.log_softmax(logits, -1).gather(-1, sequences[:, PROMPT_TOKENS:, None]).squeeze(-1)
    rewards = torch.rand(PROMPTS, ROLLOUTS)
    advantages = (rewards - rewards.mean(1, keepdim=True)) / (rewards.std(1, keepdim=True) + 1e-6)
    loss = -(advantages.view(-1, 1) * torch.exp(logp - logp.detach())).mean()
    optimizer.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()


for _ in sys.stdin:
    prompts = torch.randint(3, VOCABULARY, (PROMPTS, PROMPT_TOKENS)).repeat_interleave(ROLLOUTS, 0)
    start = time.perf_counter()
    sequences = sample(prompts)
    sampled = time.perf_counter()
    update(sequences)
    end = time.perf_counter()
    print(json.dumps({"rolloutMs": 1e3 * (sampled - start), "trainMs": 1e3 * (end - sampled)}), flush=True)
